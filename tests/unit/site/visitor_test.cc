// A form counts with the proof that its page was made for this session and user, not long ago.
#include "site/visitor.h"

#include "support/check.h"

using namespace calint;
using namespace calint::site;
using namespace std::chrono_literals;

namespace {

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;

class SetClock final : public Clock {
 public:
  explicit SetClock(const Instant& now) : now_(now) {}
  Instant now() const override { return now_; }

 private:
  const Instant& now_;
};

class NoLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

struct Site {
  Instant now = kStart;
  NodeSlots slots{nullptr, 0};
  std::unique_ptr<Runtime> runtime = Runtime::make({.settings = {},
                                                    .keyset = crypto::Keyset::generate(kStart).value(),
                                                    .node_id = "test",
                                                    .provider_slots = slots,
                                                    .clock = std::make_unique<SetClock>(now),
                                                    .trust = nullptr,
                                                    .transport = nullptr})
                                         .value();

  bool trusts(const std::string& csrf, const Visitor& visitor) const {
    Request request;
    request.method = "POST";
    request.content_type = "application/x-www-form-urlencoded";
    request.body = Secret("csrf=" + csrf);
    NoLog log;
    return trusted_form(*runtime, {{log, Deadline::in(1h)}, request, runtime->pages().in("")}, visitor).ok();
  }
};

Visitor visitor(const char* organization, const char* user, std::string_view binding) {
  Visitor made;
  made.user.organization_id = organization;
  made.user.id = user;
  made.binding = Secret(binding);
  return made;
}

}  // namespace

CALINT_TEST(a_form_counts_in_the_hour_of_its_page_and_the_next) {
  Site site;
  const Visitor ivy = visitor("1", "2", "session");
  const std::string csrf = csrf_token(*site.runtime, ivy);
  for (const auto later : {0min, 59min, 60min, 119min}) {
    site.now = kStart + later;
    CHECK(site.trusts(csrf, ivy));
  }
  for (const auto other : {120min, 180min, -1min}) {
    site.now = kStart + other;
    CHECK(!site.trusts(csrf, ivy));
  }
}

CALINT_TEST(a_form_counts_for_its_user_and_session_alone) {
  Site site;
  const std::string csrf = csrf_token(*site.runtime, visitor("1", "2", "session"));
  CHECK(site.trusts(csrf, visitor("1", "2", "session")));
  for (const Visitor& other : {visitor("2", "2", "session"), visitor("1", "3", "session"), visitor("1", "2", "other"),
                               visitor("12", "", "session")})
    CHECK(!site.trusts(csrf, other));
}
