#include "sync/read_calendar.h"

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "calendar/series_text.h"
#include "crypto/random.h"
#include "integration/access_token.h"
#include "store/reads.h"
#include "sync/series.h"

namespace calint::sync {
namespace {

// More than any calendar has.
constexpr size_t kMostPages = 2'000;
constexpr size_t kMostItems = 1'000'000;

// Series whose items, texts and intervals are in memory at once.
constexpr int kBatch = 100;
constexpr size_t kItemsAtOnce = 500;

constexpr std::chrono::seconds kStatement{10};
constexpr std::chrono::seconds kApply{40};

// Once so many single events couldn't be got, a look asks for no other.
constexpr int kMostNotGot = 5;

// Pages that a whole answer can hardly have: so many of the same content, and so many without any in a row.
constexpr int kMostAlike = 3;
constexpr int kMostEmpty = 200;

Error endless(const char* why) {
  return {.fault = Fault::unavailable, .what = std::string("a calendar's answer ") + why};
}

Status add_all(postgres::Pool& pool, const store::Reading& reading, std::vector<provider::ChangedItem> items) {
  std::vector<store::ReadItem> some;
  for (provider::ChangedItem& item : items) {
    some.push_back({.series = std::move(item.series),
                    .event = std::move(item.event),
                    .text = std::move(item.text),
                    .is_removal = item.is_removal,
                    .version = std::move(item.version)});
    if (some.size() < kItemsAtOnce && &item != &items.back()) continue;
    if (auto added = store::add_items(pool, reading, some, Deadline::in(kStatement)); !added) return added;
    some.clear();
  }
  return {};
}

Status name_all(postgres::Pool& pool, const store::Reading& reading, std::vector<provider::NamedSeries> named) {
  std::vector<store::ReadName> some;
  for (provider::NamedSeries& one : named) {
    some.push_back({.series = std::move(one.series), .text = std::move(one.text), .version = std::move(one.version)});
    if (some.size() < kItemsAtOnce && &one != &named.back()) continue;
    if (auto added = store::add_names(pool, reading, some, Deadline::in(kStatement)); !added) return added;
    some.clear();
  }
  return {};
}

// What is stored of them stays.
Status owe_all(postgres::Pool& pool, const store::Reading& reading, std::vector<provider::NamedSeries> owed) {
  std::vector<store::ReadSeries> all;
  for (provider::NamedSeries& one : owed) all.push_back({.key = std::move(one.series), .owed = std::move(one.text)});
  if (all.empty()) return {};
  return store::add_series(pool, reading, all, Deadline::in(kStatement));
}

// Notices an answer that never ends: each page costs the account some of its quota.
class Ending {
 public:
  // What is wrong with the page, or nullptr.
  const char* look_at(const provider::ChangesPage& page) {
    if (++pages_ > kMostPages || (items_ += page.items.size() + page.named.size()) > kMostItems) return "doesn't end";
    if (page.items.empty() && page.named.empty())
      return ++empty_ > kMostEmpty ? "has nothing but empty pages" : leads_back(page);
    empty_ = 0;
    std::string content;
    for (const provider::ChangedItem& item : page.items) content += item.text + item.series;
    for (const provider::NamedSeries& one : page.named) content += one.text + one.version;
    if (++alike_[hash(content)] > kMostAlike) return "says the same again and again";
    return leads_back(page);
  }

 private:
  static size_t hash(const std::string& text) { return std::hash<std::string>()(text); }
  const char* leads_back(const provider::ChangesPage& page) {
    return page.next_page.empty() || seen_.insert(hash(page.next_page)).second ? nullptr
                                                                               : "leads back to a page that was read";
  }

  size_t pages_ = 0, items_ = 0;
  int empty_ = 0;
  std::unordered_set<size_t> seen_;        // how pages go on
  std::unordered_map<size_t, int> alike_;  // contents
};

}  // namespace

Deadline CalendarRead::for_database() const { return Deadline::in(kStatement); }

store::Reading CalendarRead::reading() const { return {.job = job_, .sync = sync_, .lease = kReadLease}; }

KeptDays CalendarRead::kept() const {
  const Settings& settings = context_.runtime.settings();
  return {.past = settings.sync_past, .future = settings.sync_future};
}

Result<Seen> CalendarRead::run() {
  const Instant now = context_.runtime.now();
  Plan planned = plan(sync_, kept(), now, dialect());
  auto seen = planned.look == Look::expansion ? expand(planned) : read(planned);
  while (!seen && seen.error().fault == Fault::resync && planned.look != Look::everything) {
    planned = plan_without_cursor(planned, kept(), now, dialect());
    seen = read(planned);
  }
  // A calendar has no cursor that it could refuse in a read of everything.
  if (!seen && seen.error().fault == Fault::resync) seen.error().fault = Fault::unavailable;
  return seen;
}

Result<Seen> CalendarRead::read(const Plan& plan) {
  const bool is_full = plan.look != Look::changes;
  const std::string cursor = is_full ? "" : sync_.cursor;
  const calendar::Accounts accounts = {integration_.account};
  Ending ending;
  std::string zone = is_full ? sync_.calendar_zone : sync_.zone, next;
  bool has_removals = false, names = false;
  for (bool is_first = true;; is_first = false) {
    if (context_.stopping()) return Error{.fault = Fault::stopping, .what = "this process ends"};
    const provider::ChangesQuery query{.calendar = sync_.calendar_id,
                                       .cursor = cursor,
                                       .page = next,
                                       .window = plan.window,
                                       .accounts = accounts};
    auto page = answer<provider::ChangesPage>([&](Changes& changes, Deadline deadline) {
      return changes.read(access(), query, context_.runtime.now(), deadline);
    });
    if (!page) return std::move(page).error();
    if (const char* why = ending.look_at(*page)) return endless(why);
    left_out_ += page->left_out.size();
    owed_ += page->owed.size();
    if (!page->zone.empty() && !is_full && page->zone != zone)
      return Error{.fault = Fault::resync, .what = "the calendar's time zone is another one"};
    if (!page->zone.empty()) zone = page->zone;

    const bool is_last = page->next_page.empty();
    const bool is_empty = page->items.empty() && page->named.empty() && page->owed.empty();
    if (is_first && !is_full && is_last && is_empty && !sync_.owes) {
      auto noted = store::note_unchanged(context_.runtime.pool(), job_, sync_, page->cursor, due_at(), for_database());
      if (!noted) return std::move(noted).error();
      return Seen{.look = Look::changes};
    }
    if (is_first)
      if (auto begun = store::begin_read(context_.runtime.pool(), reading(), for_database()); !begun)
        return std::move(begun).error();
    for (const provider::ChangedItem& item : page->items) has_removals = has_removals || item.is_removal;
    names = names || !page->named.empty();
    if (auto added = add_all(context_.runtime.pool(), reading(), std::move(page->items)); !added)
      return std::move(added).error();
    if (auto named = name_all(context_.runtime.pool(), reading(), std::move(page->named)); !named)
      return std::move(named).error();
    if (auto owed = owe_all(context_.runtime.pool(), reading(), std::move(page->owed)); !owed)
      return std::move(owed).error();
    if (is_last) {
      if (sync_.owes && !is_full)
        if (auto added = store::add_owed(context_.runtime.pool(), reading(), for_database()); !added)
          return std::move(added).error();
      if (names || sync_.owes)
        if (auto fetched = fetch_named(plan, query); !fetched) return std::move(fetched).error();
      if (has_removals)
        if (auto placed = store::place_removals(context_.runtime.pool(), reading(), for_database()); !placed)
          return std::move(placed).error();
      if (auto made = make_series(plan, zone); !made) return std::move(made).error();
      if (plan.look == Look::comparison)
        if (auto kept = store::keep_known(context_.runtime.pool(), reading(), for_database()); !kept)
          return std::move(kept).error();
      return apply(plan, page->cursor, zone);
    }
    next = std::move(page->next_page);
  }
}

// What pages named without saying what it is. Once a provider gives nothing of a batch, the rest is owed unasked: each look
// costs an account that is failing a few requests.
Status CalendarRead::fetch_named(const Plan& plan, const provider::ChangesQuery& query) {
  bool is_given = true;
  for (std::string after;;) {
    auto names = store::next_named(context_.runtime.pool(), reading(), after, Changes::kMostFetched,
                                   plan.look != Look::everything, for_database());
    if (!names) return std::move(names).error();
    if (names->empty()) return {};
    after = names->back().series;
    std::vector<provider::NamedSeries> wanted;
    for (store::ReadName& name : *names)
      wanted.push_back(
          {.series = std::move(name.series), .text = std::move(name.text), .version = std::move(name.version)});
    const auto fetch = [&](Changes& changes, Deadline deadline) {
      return changes.fetch(access(), query, wanted, context_.runtime.now(), deadline);
    };
    auto fetched = !dialect().names_versions ? owed_events(wanted)
                   : is_given                ? answer<provider::Fetched>(fetch)
                                             : provider::Fetched{.items = {}, .owed = wanted, .left_out = {}};
    if (!fetched) return std::move(fetched).error();
    is_given = !fetched->items.empty();
    left_out_ += fetched->left_out.size();
    owed_ += fetched->owed.size();
    if (auto added = add_all(context_.runtime.pool(), reading(), std::move(fetched->items)); !added) return added;
    if (auto owed = owe_all(context_.runtime.pool(), reading(), std::move(fetched->owed)); !owed) return owed;
    if (context_.stopping()) return Error{.fault = Fault::stopping, .what = "this process ends"};
  }
}

// What the items of the read mean, series by series.
Status CalendarRead::make_series(const Plan& plan, const std::string& zone) {
  for (std::string after;;) {
    auto groups = store::next_items(context_.runtime.pool(), reading(), after, kBatch, for_database());
    if (!groups) return std::move(groups).error();
    if (groups->empty()) return {};
    after = groups->back().series;
    std::vector<store::ReadSeries> all;
    for (const store::ReadGroup& group : *groups) {
      provider::KnownSeries known;
      if (group.stored && plan.look == Look::changes) {
        auto stored = calendar::parse_series(*group.stored);
        if (!stored) return Error{.fault = Fault::resync, .what = stored.error().what};
        known.emplace(group.series, std::move(*stored));
      }
      auto merged = merge(group, known);
      if (!merged) return std::move(merged).error();
      for (const calendar::Series& series : merged->changes.changed) {
        all.push_back(stored_series(series, zone, plan.window));
        if (series.key == group.series) all.back().version = group.version;
        if (series.key == group.series) all.back().owed = merged->owed;
      }
      // What is told of something that isn't kept as a series concerns its intervals, if it has any.
      const provider::SeriesChanges& said = merged->changes;
      const bool is_silent = said.changed.empty() && said.gone.empty() && said.unread.empty();
      if (is_silent && !group.stored) all.push_back({.key = group.series});
      for (std::string& key : merged->changes.gone) all.push_back({.key = std::move(key)});
      for (std::string& key : merged->changes.unread)
        all.push_back({.key = std::move(key), .version = group.version, .owed = store::kUnread});
    }
    if (auto added = store::add_series(context_.runtime.pool(), reading(), all, for_database()); !added) return added;
    if (context_.stopping()) return Error{.fault = Fault::stopping, .what = "this process ends"};
  }
}

// With the events that say how others of the series count, where the dialect wants them. Until one of these can be got,
// the others count as they do without it.
Result<CalendarRead::Merged> CalendarRead::merge(const store::ReadGroup& group, const provider::KnownSeries& known) {
  const Changes& changes = *context_.runtime.changes(integration_.provider);
  auto merged = changes.merge(known, group.items);
  if (!merged) return std::move(merged).error();
  if (merged->wanted.empty()) return Merged{std::move(*merged)};
  std::optional<std::string> owed;
  std::vector<std::string> items = group.items;
  for (const std::string& id : merged->wanted) {
    auto event = this->event(id);
    if (!event) return std::move(event).error();
    if (!*event)
      owed = id;
    else if (!(*event)->is_removal)
      items.push_back((*event)->text);
  }
  auto all = changes.merge(known, items);
  if (!all) return std::move(all).error();
  return Merged{std::move(*all), std::move(owed)};
}

// As it is now, asked for once in a look; nothing where it can't be got for the moment.
Result<std::optional<provider::ChangedItem>> CalendarRead::event(const std::string& id) {
  if (const auto asked = asked_.find(id); asked != asked_.end()) return asked->second;
  if (not_got_ == kMostNotGot) return std::optional<provider::ChangedItem>();
  auto event = answer<provider::ChangedItem>([&](Changes& changes, Deadline deadline) {
    return changes.event(access(), sync_.calendar_id, id, context_.runtime.now(), deadline);
  });
  if (!event && event.error().fault != Fault::unavailable) return std::move(event).error();
  if (!event) ++not_got_;
  return asked_[id] = event ? std::optional(std::move(*event)) : std::nullopt;
}

// Of those that can't be got nothing is said: they are owed as before, unless the round tells of their series, which wants
// them then.
Result<provider::Fetched> CalendarRead::owed_events(const std::vector<provider::NamedSeries>& owed) {
  provider::Fetched fetched;
  for (const provider::NamedSeries& one : owed) {
    auto event = this->event(one.text);
    if (!event) return std::move(event).error();
    if (*event) fetched.items.push_back(std::move(**event));
  }
  return fetched;
}

// What is owed of a series stays so, and its version is that of what was read last.
Result<Seen> CalendarRead::expand(const Plan& plan) {
  postgres::Pool& pool = context_.runtime.pool();
  if (auto begun = store::begin_read(pool, reading(), for_database()); !begun) return std::move(begun).error();
  for (std::string after;;) {
    auto some = store::next_series(pool, reading(), after, kBatch, for_database());
    if (!some) return std::move(some).error();
    if (some->empty()) return apply(plan, sync_.cursor, sync_.zone);
    after = some->back().key;
    std::vector<store::ReadSeries> all;
    for (const store::StoredSeries& one : *some) {
      auto series = calendar::parse_series(one.body);
      if (!series) return Error{.fault = Fault::resync, .what = series.error().what};
      store::ReadSeries expanded = stored_series(*series, sync_.zone, plan.window);
      expanded.version = one.version;
      expanded.owed = one.owed;
      if (one.owed && !expanded.body) expanded.body = one.body;
      all.push_back(std::move(expanded));
    }
    if (auto added = store::add_series(pool, reading(), all, for_database()); !added) return std::move(added).error();
    if (context_.stopping()) return Error{.fault = Fault::stopping, .what = "this process ends"};
  }
}

Result<Seen> CalendarRead::apply(const Plan& plan, const std::string& cursor, const std::string& zone) {
  const bool is_expansion = plan.look == Look::expansion;
  const store::ReadEnd end{.is_full = plan.look == Look::everything || plan.look == Look::comparison,
                           .is_read = !is_expansion,
                           .cursor = cursor,
                           .known_from = plan.window.from,
                           .known_until = plan.window.to,
                           .evaluator = kEvaluator,
                           .zone = zone,
                           .tells_from = plan.window.from,
                           .tells_until = is_expansion ? *sync_.known_until : Instant(plan.window.to),
                           .due_at = is_expansion ? context_.runtime.now() : due_at()};
  auto applied = store::apply_read(context_.runtime.pool(), reading(), integration_, end, Deadline::in(kApply));
  if (!applied) return std::move(applied).error();
  return Seen{.look = plan.look,
              .removed = applied->removed,
              .added = applied->added,
              .left_out = left_out_,
              .owed = owed_};
}

Access CalendarRead::access() const {
  return {.token = *token_, .account = integration_.account, .memory = integration_.memory};
}

// A read takes many calls; each has its own time.
Call CalendarRead::call() const {
  return {.log = context_.call.log,
          .deadline = Deadline::in(context_.runtime.settings().total_timeout + std::chrono::seconds(1))};
}

Instant CalendarRead::due_at() const {
  const Settings& settings = context_.runtime.settings();
  return next_look(context_.runtime.now(), std::min(settings.sync_interval, settings.stale_after / 2),
                   crypto::random_unit());
}

Dialect CalendarRead::dialect() const {
  const Changes* changes = context_.runtime.changes(integration_.provider);
  if (changes == nullptr) return {};
  return {.cursor_holds_window = changes->cursor_holds_window(), .names_versions = changes->names_versions()};
}

// A token that is thought good and refused is refreshed once.
template <typename Answer>
Result<Answer> CalendarRead::answer(const std::function<Result<Answer>(Changes& changes, Deadline deadline)>& ask) {
  said_by_ = SaidBy::us;
  Changes* changes = context_.runtime.changes(integration_.provider);
  if (changes == nullptr)
    return Error{.fault = Fault::operator_fault, .what = "the provider of an integration isn't configured"};
  for (bool force = false;; force = true) {
    if (auto had = have_token(force); !had) return std::move(had).error();
    said_by_ = SaidBy::calendar_service;
    ++requests_;
    auto answer = ask(*changes, call().provider_deadline());
    const bool is_renewable = facts(integration_.provider).has_oauth && !is_renewed_;
    if (answer || !is_renewable || answer.error().fault != Fault::reconnect) return answer;
    is_renewed_ = true;
  }
}

Status CalendarRead::have_token(bool force) {
  if (token_ && !force) return {};
  said_by_ = SaidBy::token_endpoint;
  auto token = integration::access_token(context_.runtime, call(), integration_, force);
  if (!token) return std::move(token).error();
  token_ = std::move(*token);
  return {};
}

}  // namespace calint::sync
