#include "interviews/deliver.h"

#include <fmt/format.h>

#include <functional>

#include "crypto/random.h"
#include "integration/access_token.h"
#include "integration/oauth_clients.h"
#include "integration/validation.h"
#include "interviews/steps.h"
#include "jobs/backoff.h"
#include "runtime/failure_log.h"
#include "store/calendars.h"
#include "store/integrations.h"
#include "store/interview_jobs.h"

namespace calint::interviews {
namespace {

using provider::EventPlace;
using provider::WrittenEvent;
using store::Interview;

// Of what waits for its user to connect again, which makes it due.
constexpr std::chrono::hours kWaits{1};

// A call of the ATS, which is the first to make an event, has ended by then.
constexpr std::chrono::seconds kFirstCall{10};

// How many calendars of an account an event is looked for in that isn't where it was written.
constexpr size_t kMostCalendars = 50;

std::string_view name_of(Step step) {
  switch (step) {
    case Step::create: return "create";
    case Step::change: return "change";
    case Step::cancel: return "cancel";
    case Step::look: return "look";
  }
  return "";
}

class Delivery {
 public:
  Delivery(Runtime& runtime, const Call& call, const store::ClaimedJob& job, store::Integration& integration,
           const Interview& interview)
      : runtime_(runtime), call_(call), job_(job), integration_(integration), interview_(interview) {}

  Result<Delivered> run() {
    if (integration_.status != ConnectionStatus::connected) return wait_for_user();
    events_ = runtime_.events(integration_.provider);
    if (events_ == nullptr)
      return Error{.fault = Fault::operator_fault, .what = "the provider of an interview isn't configured"};
    switch (step_) {
      case Step::create: return create();
      case Step::change: return change();
      case Step::cancel: return cancel();
      case Step::look: return look();
    }
    return Error{.what = "no such step"};
  }

 private:
  Result<Delivered> create() {
    auto created = ask<provider::CreatedEvent>([&](const Access& access, Deadline deadline) {
      const provider::NewEvent wanted{.calendar = interview_.calendar_id,
                                      .key = interview_.id,
                                      .is_repeated = runtime_.now() > interview_.created_at + kFirstCall};
      return events_->create(access, wanted, content_of(interview_), runtime_.now(), deadline);
    });
    // It was made by a call before, and moved or deleted since.
    if (!created && created.error().detail == Detail::deleted) return look({"create"});
    if (!created) return failed(created.error());
    // What a call before made may be of before a change.
    if (created->was_there) return seen("created", created->event, {"create"});
    return seen("created", created->event, interview_.unsent);
  }

  Result<Delivered> change() {
    auto changed = ask<WrittenEvent>([&](const Access& access, Deadline deadline) {
      return events_->change(access, place(), content_of(interview_), unsent_parts(interview_), runtime_.now(),
                             deadline);
    });
    if (!changed && verdict_on(step_, changed.error()) == Verdict::not_there) return look();
    if (!changed) return failed(changed.error());
    return seen("changed", *changed, interview_.unsent);
  }

  Result<Delivered> cancel() {
    auto cancelled = cancel_at(place());
    if (cancelled && *cancelled == provider::Cancelled::not_there) {
      // Where it was moved, guests still have the appointment.
      auto moved = find_elsewhere();
      if (!moved) return failed(moved.error());
      if (*moved) cancelled = cancel_at((*moved)->place);
    }
    if (!cancelled) return failed(cancelled.error());
    return stored("ended", store::note_interview_ended(runtime_.pool(), job_, interview_, for_storing()));
  }

  Result<provider::Cancelled> cancel_at(const EventPlace& there) {
    auto cancelled = ask<provider::Cancelled>([&](const Access& access, Deadline deadline) {
      return events_->cancel(access, there, content_of(interview_), runtime_.now(), deadline);
    });
    if (!cancelled && verdict_on(step_, cancelled.error()) == Verdict::not_there)
      return provider::Cancelled::not_there;
    return cancelled;
  }

  // How it stands, wherever it is in the account. `sent`: what is known to have been told before.
  Result<Delivered> look(std::vector<std::string> sent = {}) {
    auto found = find_in(interview_.calendar_id);
    if (!found) return failed(found.error());
    if (!*found) found = find_elsewhere();
    if (!found) return failed(found.error());
    if (*found) return seen("looked", **found, std::move(sent));
    return stored("deleted", store::note_interview_deleted(runtime_.pool(), job_, interview_, for_storing()));
  }

  // In another calendar of the account than it was written to.
  Result<std::optional<WrittenEvent>> find_elsewhere() {
    std::optional<WrittenEvent> none;
    if (events_->finds_anywhere() && !interview_.provider_event_id.empty()) return none;
    auto calendars = store::list_calendars(runtime_.pool(), integration_, call_.deadline);
    if (!calendars) return std::move(calendars).error();
    size_t looked_in = 0;
    for (const store::CalendarRow& calendar : calendars->calendars) {
      if (calendar.gone || !calendar.can_write || calendar.calendar_id == interview_.calendar_id) continue;
      if (++looked_in > kMostCalendars) break;
      auto found = find_in(calendar.calendar_id);
      if (!found || *found) return found;
    }
    return none;
  }

  // Nothing where it isn't there, and where the calendar itself isn't.
  Result<std::optional<WrittenEvent>> find_in(const std::string& calendar) {
    EventPlace there = place();
    there.calendar = calendar;
    auto found = ask<std::optional<WrittenEvent>>([&](const Access& access, Deadline deadline) {
      return events_->find(access, there, runtime_.now(), deadline);
    });
    if (!found && verdict_on(Step::look, found.error()) == Verdict::not_there) return std::optional<WrittenEvent>();
    return found;
  }

  // With a token that works: one that is thought good and refused is refreshed once.
  template <typename Answer>
  Result<Answer> ask(const std::function<Result<Answer>(const Access& access, Deadline deadline)>& call) {
    for (bool force = false;; force = true) {
      auto token = integration::access_token(runtime_, call_, integration_, force);
      if (!token) return std::move(token).error();
      const Access access{
          .token = std::move(*token), .account = integration_.account, .memory = integration_.memory};
      auto answer = call(access, call_.provider_deadline());
      if (answer) tell_success(runtime_, call_.log, counterpart());
      const bool is_renewable = facts(integration_.provider).has_oauth && !force;
      if (answer || !is_renewable || answer.error().fault != Fault::reconnect) return answer;
    }
  }

  Result<Delivered> seen(std::string_view word, WrittenEvent event, std::vector<std::string> sent) {
    // A room of which the provider says nothing won't come.
    if (interview_.body.conference && event.room == provider::Room::none) event.room = provider::Room::failed;
    const bool is_declined = interviews::is_declined(interview_, event);
    const auto look_at = next_look(interview_, event.room, runtime_.now());
    return stored(word, store::note_interview_seen(runtime_.pool(), job_,
                                                   {.before = interview_,
                                                    .event = std::move(event),
                                                    .sent = std::move(sent),
                                                    .is_declined = is_declined},
                                                   look_at, for_storing()));
  }

  Result<Delivered> failed(const Error& error) {
    switch (verdict_on(step_, error)) {
      case Verdict::ours: return error;
      case Verdict::refused: return refused(error);
      case Verdict::final: return problem("failed", error, true, {});
      // Too late for whatever was to be told.
      default: return problem("postponed", error, runtime_.now() >= interview_.end, again_after(error));
    }
  }

  store::Again again_after(const Error& error) const {
    return {.in = jobs::asked_pause(error.retry_after, crypto::random_unit()),
            .keeps_backoff = true,
            .attempts = job_.attempts,
            .reason = std::string(to_string(error.fault))};
  }

  // A validation looks into it, and says whether the grant is gone.
  Result<Delivered> refused(const Error& error) {
    auto told = store::store_failure(runtime_.pool(), integration_,
                                     {.status = ConnectionStatus::error, .reason = integration::reason_of(error)}, {},
                                     for_storing());
    if (!told && told.error().fault != Fault::conflict) return std::move(told).error();
    return problem("postponed", error, false, {.in = kWaits, .reason = std::string(to_string(error.fault))});
  }

  Result<Delivered> wait_for_user() {
    return problem("postponed", {.fault = Fault::reconnect, .what = "its organiser's connection doesn't work"},
                   runtime_.now() >= interview_.end, {.in = kWaits, .attempts = job_.attempts - 1});
  }

  Result<Delivered> problem(std::string_view word, const Error& error, bool is_final, const store::Again& again) {
    tell_failure(runtime_, call_.log, counterpart(), error,
                 fmt::format("{} {}", name(), is_final ? "won't succeed" : "is tried again"), "CALINT0233");
    const Told told = told_of(step_, error);
    auto noted = store::note_interview_problem(runtime_.pool(), {job_, again}, interview_, std::string(told.type),
                                               std::string(told.detail), is_final, for_storing());
    if (!noted) return std::move(noted).error();
    return Delivered{word, std::move(*noted)};
  }

  Result<Delivered> stored(std::string_view word, Result<Interview> noted) {
    if (!noted) return std::move(noted).error();
    call_.log.write(LogLevel::info, "CALINT0234", fmt::format("{}: {}", name(), word));
    return Delivered{word, std::move(*noted)};
  }

  std::string name() const {
    return fmt::format("{} of interview {} at {}, integration {}", name_of(step_), interview_.id,
                       to_string(integration_.provider), integration_.id);
  }

  Counterpart counterpart() const {
    return {.provider = integration_.provider, .client = integration::describe(integration_.client)};
  }

  EventPlace place() const {
    return {.calendar = interview_.calendar_id, .key = interview_.id, .id = interview_.provider_event_id};
  }

  Deadline for_storing() const {
    constexpr std::chrono::seconds least{2};
    return call_.deadline.remaining() > least ? call_.deadline : Deadline::in(least);
  }

  Runtime& runtime_;
  const Call& call_;
  const store::ClaimedJob& job_;
  store::Integration& integration_;
  const Interview& interview_;
  const Step step_ = next_step(interview_);
  Events* events_ = nullptr;
};

}  // namespace

Result<Delivered> deliver(Runtime& runtime, const Call& call, const store::ClaimedJob& job,
                          store::Integration& integration, const Interview& interview) {
  return Delivery(runtime, call, job, integration, interview).run();
}

}  // namespace calint::interviews
