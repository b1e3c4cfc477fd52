#include "support/scripted_transport.h"

namespace calint::test {

Result<HttpResponse> ScriptedTransport::send(const HttpRequest& request, Deadline) {
  requests_.push_back(request);
  if (answers_.empty()) return Error{.fault = Fault::bug, .what = "the script of the transport is over"};
  Result<HttpResponse> answer = std::move(answers_.front());
  answers_.pop_front();
  return answer;
}

HttpResponse json_answer(int status, std::string_view body) {
  return {.status = status, .headers = {{"content-type", "application/json; charset=UTF-8"}}, .body = Secret(body)};
}

}  // namespace calint::test
