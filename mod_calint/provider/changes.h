// What has changed in a calendar, as every provider tells it: pages of items, which together are changes of whole
// series, so that a store replaces rows by their series and knows nothing of a dialect.
//
// A round is a whole answer: every page from the first to the one with the cursor. What a page names without saying
// what it is, is fetched when the round has ended, unless it is known in the version that was named. All items are
// gathered by series; merge() takes all of some series and what is known of these, and says what becomes of them. What
// must be known again later is in the series themselves: their events and Series::memory, which calendar::serialize()
// keeps.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "calendar/reader.h"
#include "calendar/series.h"

namespace calint {

struct Access;

namespace provider {

// Series of one calendar by their key.
using KnownSeries = std::map<std::string, calendar::Series, std::less<>>;

struct SeriesChanges {
  std::vector<calendar::Series> changed;  // by key; each replaces all that was known under it
  std::vector<std::string> gone;          // keys, known or not
  // Keys of what is there and can't be understood: what is known of it stays, until it has another version.
  std::vector<std::string> unread = {};
  // Ids of events that should be read one by one and given to merge() with the round's other items, since they say how
  // others count; without them these are busy. Graph's masters; nobody else's. One that can't be got for the moment is owed
  // under its id, and asked for as an event again.
  std::vector<std::string> wanted;
};

// What a page says of one event or object. Opaque: only the dialect that wrote it reads `text`.
struct ChangedItem {
  std::string series;  // key of the series that it tells of
  std::string event;   // its own id
  std::string text;
  // It doesn't say whether it is part of a series: it is of the one that is known to have the event, if any.
  bool is_removal = false;
  std::string version = {};  // of the whole series, where the item says all of it; empty: it has none
};

// A series that is known to be there, or to have been, but not what it is.
struct NamedSeries {
  std::string series;        // key
  std::string text;          // what fetch() finds it by; opaque
  std::string version = {};  // as it is named; another one is another content. Empty: it has none
};

struct ChangesQuery {
  const std::string& calendar;            // id
  const std::string& cursor;              // of the round before; empty: everything
  const std::string& page;                // that the page before named; empty: the first one
  calendar::Window window;                // that a read of everything must reach to, at least
  const calendar::Accounts& accounts;     // addresses of the calendar's owner
};

struct ChangesPage {
  std::vector<ChangedItem> items;           // an event may come several times in a round: the last one counts
  std::vector<NamedSeries> named = {};      // may come several times in a round, too
  // Couldn't be got for the moment: what is known of them stays, and the next read fetches them though nothing names
  // them.
  std::vector<NamedSeries> owed = {};
  std::string next_page;                    // empty: the round ends here
  std::string cursor;                       // on the last page; never empty there
  std::string zone;                         // the calendar's own (IANA), where the page names one
  std::vector<calendar::LeftOut> left_out;  // what couldn't be read, and loses nothing else
};

// What came of fetch(): each series that was asked for is in one of both.
struct Fetched {
  std::vector<ChangedItem> items;           // all of a series, or that it is gone
  std::vector<NamedSeries> owed;
  std::vector<calendar::LeftOut> left_out;  // what can't be read of the items
};

}  // namespace provider

// What has changed in the calendars of an account.
class Changes {
 public:
  virtual ~Changes() = default;

  // Whether a cursor holds the window that its round began with: what lies behind it is told by a new round alone.
  virtual bool cursor_holds_window() const { return false; }

  // Whether pages name all that there is, in versions: a read of everything fetches only what differs from what is
  // known. So everything is compared once a day, and when somebody asks for it, whatever the cursor says.
  virtual bool names_versions() const { return false; }

  // A page. Errors are for this calendar: resync where the cursor is refused; gone and forbidden for the calendar;
  // reconnect with Detail::refused for a refused token; unavailable where the answer isn't a whole page, or the last
  // one has no cursor.
  virtual Result<provider::ChangesPage> read(const Access& access, const provider::ChangesQuery& query, Instant now,
                                             Deadline deadline) = 0;

  // One event that merge() wanted, as it is now; a removal where it is gone. Errors as read().
  virtual Result<provider::ChangedItem> event(const Access&, const std::string& /*calendar*/, const std::string& id,
                                              Instant, Deadline) {
    return provider::ChangedItem{.series = id, .event = id, .text = {}, .is_removal = true};
  }

  // What pages named or owed, where they name versions, at most kMostFetched at once. `query` is as for the round's first
  // page. Errors as read(), but for resync: they are for the calendar, not for what couldn't be got of it, however much that
  // is.
  virtual Result<provider::Fetched> fetch(const Access&, const provider::ChangesQuery&,
                                          const std::vector<provider::NamedSeries>& named, Instant, Deadline) {
    return provider::Fetched{.items = {}, .owed = named, .left_out = {}};
  }
  static constexpr int kMostFetched = 100;

  // What items mean for what is known. `items` has all of a round that are of the same series, in their order; `known`
  // has each of these series that is known, and may have others. corrupt for a text that read() never wrote. Pure.
  virtual Result<provider::SeriesChanges> merge(const provider::KnownSeries& known,
                                                const std::vector<std::string>& items) const = 0;
};

}  // namespace calint
