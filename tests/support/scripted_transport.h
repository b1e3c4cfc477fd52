// A Transport that answers from a script and remembers what it was asked.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "net/transport.h"

namespace calint::test {

// One thread at a time.
class ScriptedTransport final : public Transport {
 public:
  // What the next send() that has no answer yet returns.
  void then(Result<HttpResponse> answer) { answers_.push_back(std::move(answer)); }

  // bug once the script is over.
  Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) override;

  const std::vector<HttpRequest>& requests() const { return requests_; }

 private:
  std::deque<Result<HttpResponse>> answers_;
  std::vector<HttpRequest> requests_;
};

HttpResponse json_answer(int status, std::string_view body);

}  // namespace calint::test
