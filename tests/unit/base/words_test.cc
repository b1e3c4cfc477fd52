#include "base/words.h"

#include <set>

#include "support/check.h"

using namespace calint;

namespace {

template <typename Enum, size_t N>
void check_table(const std::array<Word<Enum>, N>& words, std::optional<Enum> (*parse)(std::string_view)) {
  std::set<std::string_view> names;
  for (const Word<Enum>& word : words) {
    CHECK_EQUAL(to_string(word.value), word.name);
    CHECK_EQUAL(parse(word.name), word.value);
    CHECK(names.insert(word.name).second);
    const std::string name(word.name);
    for (const std::string& foreign : {name + " ", " " + name, name + "\n", name.substr(1), name + std::string(1, '\0'),
                                       std::string(1, static_cast<char>(name[0] - 'a' + 'A')) + name.substr(1)})
      CHECK(!parse(foreign));
  }
  for (const char* foreign : {"", "none", "unknown", "switch", "<script>", "\xff\xfe"}) CHECK(!parse(foreign));
}

}  // namespace

CALINT_TEST(every_word_comes_back_from_its_name_and_foreign_text_is_none) {
  check_table<Notice>(kNotices, parse_notice);
  check_table<ConnectionStatus>(kConnectionStatuses, parse_connection_status);
  check_table<Reason>(kReasons, parse_reason);
}
