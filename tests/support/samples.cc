#include "support/samples.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/text.h"
#include "support/fail.h"

namespace calint::test {
std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), path.c_str());
  return {std::istreambuf_iterator<char>(stream), {}};
}

Json read_sample(const std::string& path) {
  Json sample(json_load_file(path.c_str(), JSON_REJECT_DUPLICATES, nullptr));
  require(json_is_object(sample.get()), path.c_str());
  return sample;
}

HttpResponse sample_response(const std::string& path) {
  const Json sample = read_sample(path);
  const json_t* response = json_object_get(sample.get(), "response");
  require(json_is_object(response), path.c_str());
  HttpResponse made{.status = static_cast<int>(integer_member(response, "status").value_or(0))};
  for (const auto& [name, value] : fields_of(json_object_get(response, "headers")))
    made.headers.emplace_back(lower_case(name), value);
  if (const json_t* body = json_object_get(response, "json")) {
    const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(body, JSON_COMPACT), &std::free);
    made.body = Secret(std::string_view(text.get()));
  } else {
    made.body = Secret(string_member(response, "text").value_or(""));
  }
  return made;
}

std::vector<FormField> fields_of(const json_t* object) {
  std::vector<FormField> fields;
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(const_cast<json_t*>(object), name, value) fields.emplace_back(name, json_string_value(value));
  return sorted(std::move(fields));
}

std::vector<FormField> sorted(std::vector<FormField> fields) {
  std::sort(fields.begin(), fields.end());
  return fields;
}

}  // namespace calint::test
