// app/visitor: a form with its csrf token, and where a flow may lead back to.
#include "site/visitor.h"

#include "base/form.h"
#include "base/return_path.h"
#include "fuzz.h"

using namespace calint;

namespace {

class StandingClock final : public Clock {
 public:
  Instant now() const override { return fuzz::kNow; }
};

class NoLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

// It has a database's name but never asks for a connection.
Runtime& runtime() {
  static NodeSlots nobody_waits(nullptr, 0);
  static const std::unique_ptr<Runtime> made = [] {
    Settings settings;
    settings.public_url = parse_url("https://ats.example.com").value();
    settings.return_to = {"/jobs", "/candidates/"};
    return Runtime::make({.settings = std::move(settings),
                               .keyset = fuzz::keyset(),
                               .node_id = "fuzz",
                               .provider_slots = nobody_waits,
                               .clock = std::make_unique<StandingClock>(),
                               .trust = nullptr,
                               .transport = nullptr}).value();
  }();
  return *made;
}

const site::Visitor& visitor() {
  static const site::Visitor ivy = [] {
    site::Visitor made;
    made.user.id = "2";
    made.user.organization_id = "1";
    made.binding = Secret(std::string_view("binding of one session"));
    return made;
  }();
  return ivy;
}

Result<FormFields> trusted(std::string_view body, const char* origin = "https://ats.example.com") {
  Request request;
  request.method = "POST";
  request.body = Secret(body);
  request.content_type = "application/x-www-form-urlencoded";
  request.origin = origin;
  request.sec_fetch_site = "same-origin";
  NoLog log;
  return site::trusted_form(runtime(), {{log, Deadline::in(std::chrono::hours(1))}, request, runtime().pages().in("")},
                            visitor());
}

void check_return_to(const std::vector<FormField>& fields) {
  const std::string path = site::accepted_return_to(runtime().settings(), fields);
  if (path.empty()) return;
  MUST(count_field(fields, "return_to") == 1 && is_safe_return_path(path));
  MUST(path == "/jobs" || path.starts_with("/jobs/") || path.starts_with("/jobs?") || path.starts_with("/candidates/"));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::string token = site::csrf_token(runtime(), visitor());
  // Nobody guesses a token that an HMAC made.
  const auto fields = trusted(input);
  MUST(!fields);
  MUST(fields.error().fault == Fault::bad_input && fuzz::fit_to_log(fields.error()));

  // Beside the right one nothing may stand that is called the same, and it doesn't help another site.
  const std::string own = "csrf=" + token + "&" + std::string(input);
  const auto expected = form_decode(own);
  const auto with_token = trusted(own);
  MUST(with_token.ok() == (expected.ok() && count_field(*expected, "csrf") == 1));
  MUST(!trusted(own, "https://evil.example"));
  if (with_token) check_return_to(*with_token);
  return 0;
}
