// What is new in a calendar over CalDAV: sync-collection (RFC 6578), or a listing of etags where a server has none, and
// the objects themselves by calendar-multiget (providers.md, 4.6).
#pragma once

#include <string>
#include <vector>

#include "net/transport.h"
#include "provider/caldav/server.h"
#include "provider/changes.h"

namespace calint::caldav {

// read: a cursor of a server without sync-collection is its ctag, and one that is another by now is refused: then all
// is listed. Every listing is read as it comes and held to its end before it counts; redirects are followed to where
// the password may go, five for each request.
class CalendarChanges final : public Changes {
 public:
  // `transport` outlives it.
  CalendarChanges(Server server, Transport& transport) : server_(std::move(server)), transport_(transport) {}

  bool names_versions() const override { return true; }
  Result<provider::ChangesPage> read(const Access& access, const provider::ChangesQuery& query, Instant now,
                                     Deadline deadline) override;
  Result<provider::Fetched> fetch(const Access& access, const provider::ChangesQuery& query,
                                  const std::vector<provider::NamedSeries>& named, Instant now,
                                  Deadline deadline) override;
  Result<provider::SeriesChanges> merge(const provider::KnownSeries& known,
                                        const std::vector<std::string>& items) const override;

 private:
  const Server server_;
  Transport& transport_;
};

}  // namespace calint::caldav
