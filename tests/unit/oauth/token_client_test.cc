#include "oauth/token_client.h"

#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::oauth;
using namespace std::chrono_literals;
using calint::test::ScriptedTransport;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};

Result<Tokens> ask(ScriptedTransport& transport) {
  return ask_for_tokens(transport, {"https://as.example/token", Secret(std::string_view("code=4%2Fa"))}, kNow,
                        Deadline::in(1s));
}

}  // namespace

CALINT_TEST(tokens_are_asked_for_by_one_post_of_a_form) {
  ScriptedTransport transport;
  transport.then(json_answer(200, R"({"access_token":"at","token_type":"Bearer"})"));
  CHECK_OK(ask(transport));
  CHECK_EQUAL(transport.requests().size(), 1);
  const HttpRequest& request = transport.requests().front();
  CHECK_EQUAL(request.method, "POST");
  CHECK_EQUAL(request.url, "https://as.example/token");
  CHECK_EQUAL(request.body.reveal(), "code=4%2Fa");
  CHECK(!request.bearer.has_value());
  CHECK_EQUAL(request.headers.front(),
              (std::pair<std::string, std::string>("Content-Type", "application/x-www-form-urlencoded")));
}

CALINT_TEST(whether_anything_was_sent_is_passed_on) {
  for (const bool nothing_sent : {true, false}) {
    ScriptedTransport transport;
    transport.then(Error{.fault = Fault::unavailable, .what = "as.example: gone", .nothing_sent = nothing_sent});
    auto tokens = ask(transport);
    CHECK_FAULT(tokens, Fault::unavailable);
    CHECK_EQUAL(tokens.error().nothing_sent, nothing_sent);
    CHECK_EQUAL(transport.requests().size(), 1);
  }
}

CALINT_TEST(a_refusal_is_asked_for_once) {
  ScriptedTransport transport;
  transport.then(json_answer(503, "{}"));
  CHECK_FAULT(ask(transport), Fault::unavailable);
  CHECK_EQUAL(transport.requests().size(), 1);
}

CALINT_TEST(a_provider_refines_what_a_refusal_means) {
  ScriptedTransport transport;
  transport.then(json_answer(400, R"({"error":"invalid_grant","number":7})"));
  transport.then({HttpResponse{.status = 502, .headers = {{"content-type", "text/html"}}, .body = {}}});
  const auto refine = [](const json_t* body, Error& error) {
    if (integer_member(body, "number") == 7) error.fault = Fault::operator_fault;
  };
  auto refined = ask_for_tokens(transport, {"https://as.example/token", {}, refine}, kNow, Deadline::in(1s));
  CHECK_FAULT(refined, Fault::operator_fault);
  CHECK_FAULT(ask_for_tokens(transport, {"https://as.example/token", {}, refine}, kNow, Deadline::in(1s)),
              Fault::unavailable);
}
