#include "support/scripted_transport.h"

#include <algorithm>
#include <utility>

namespace calint::test {

Result<HttpResponse> ScriptedTransport::send(const HttpRequest& request, Deadline) {
  requests_.push_back(request);
  if (answers_.empty()) return Error{.fault = Fault::bug, .what = "the script of the transport is over"};
  Result<HttpResponse> answer = std::move(answers_.front());
  answers_.pop_front();
  if (answer && request.taker.take && answer->status == request.taker.status) {
    const Secret body = std::exchange(answer->body, Secret());
    // In pieces that fall anywhere.
    constexpr size_t kPiece = 37;
    for (std::string_view rest = body.reveal(); !rest.empty(); rest.remove_prefix(std::min(rest.size(), kPiece)))
      if (!request.taker.take(rest.substr(0, kPiece)))
        return Error{.fault = Fault::unavailable, .what = "nobody wants the rest"};
  }
  return answer;
}

HttpResponse json_answer(int status, std::string_view body) {
  return {.status = status, .headers = {{"content-type", "application/json; charset=UTF-8"}}, .body = Secret(body)};
}

}  // namespace calint::test
