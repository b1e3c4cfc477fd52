#include "app/figures.h"

namespace calint::app {
namespace {

constexpr std::string_view kConnectionLabels[] = {"provider", "status"};
constexpr Figure kConnections[] = {
    {.name = "calint_integrations", .help = "Connections by provider and status.", .member = "count", .word = ""},
    {.name = "calint_integrations_oldest_timestamp_seconds",
     .unit = Unit::instant,
     .help = "Since when the oldest connection is in error or expired.",
     .member = "oldest",
     .word = "oldest"},
};

constexpr std::string_view kJobLabels[] = {"kind", "provider", "state"};
constexpr Figure kJobs[] = {
    {.name = "calint_jobs",
     .help = "Jobs by kind, provider and state: waiting, due, running, given up.",
     .member = "count",
     .word = ""},
    {.name = "calint_jobs_oldest_timestamp_seconds",
     .unit = Unit::instant,
     .help = "Since when the oldest job is due, or was given up.",
     .member = "oldest",
     .word = "oldest"},
};

constexpr std::string_view kRefreshLabels[] = {"provider", "state"};
constexpr Figure kRefreshes[] = {
    {.name = "calint_refreshes",
     .help = "Refreshes by provider and state: due, running, failing and tried again.",
     .member = "count",
     .word = ""},
    {.name = "calint_refreshes_oldest_timestamp_seconds",
     .unit = Unit::instant,
     .help = "Since when the oldest refresh is due or runs, or when one that fails was last well.",
     .member = "oldest",
     .word = "oldest"},
};

constexpr std::string_view kSyncLabels[] = {"provider"};
constexpr Figure kSyncs[] = {
    {.name = "calint_calendars",
     .help = "Calendars that people ticked, by provider.",
     .member = "calendars",
     .word = ""},
    {.name = "calint_calendars_due",
     .help = "Calendars that are to be read now and aren't being read yet.",
     .member = "due",
     .word = "due"},
    {.name = "calint_calendars_in_trouble",
     .help = "Calendars that can't be read now; what was read before stays.",
     .member = "in_trouble",
     .word = "in trouble"},
    {.name = "calint_calendars_never_read",
     .help = "Calendars that were never read to the end.",
     .member = "never_read",
     .word = "never read"},
    {.name = "calint_calendars_oldest_synced_timestamp_seconds",
     .unit = Unit::instant,
     .help = "When the calendar was read whose busy time is the oldest.",
     .member = "oldest",
     .word = "oldest read"},
};

constexpr std::string_view kBreakerLabels[] = {"name", "reason"};
constexpr Figure kBreakers[] = {
    {.name = "calint_held_jobs",
     .help = "Jobs that are due and wait for the operator, by what is to be mended.",
     .member = "count",
     .word = "jobs"},
    {.name = "calint_held_since_timestamp_seconds",
     .unit = Unit::instant,
     .help = "Since when they wait.",
     .member = "since",
     .word = "since"},
};

constexpr std::string_view kNodeLabels[] = {"node_id", "version"};
constexpr Figure kNodes[] = {
    {.name = "calint_node_database_connections",
     .help = "Connections to the database that the node takes at most.",
     .member = "connections",
     .word = "connections"},
    {.name = "calint_node_seen_timestamp_seconds",
     .unit = Unit::instant,
     .help = "When the node was last seen.",
     .member = "seen_at",
     .word = "seen"},
};

constexpr std::string_view kDatabaseLabels[] = {"of"};
constexpr Figure kDatabase[] = {
    {.name = "calint_database_connections",
     .help = "Connections that the nodes of the last day take at most together, and that the database has for all.",
     .member = "connections",
     .word = ""},
};

constexpr FigureGroup kGroups[] = {
    {.array = "integrations", .heading = "connections", .labels = kConnectionLabels, .figures = kConnections},
    {.array = "jobs", .heading = "jobs", .labels = kJobLabels, .figures = kJobs},
    {.array = "refreshes", .heading = "refreshes", .labels = kRefreshLabels, .figures = kRefreshes},
    {.array = "syncs", .heading = "calendars", .labels = kSyncLabels, .figures = kSyncs},
    {.array = "breakers", .heading = "waiting for the operator", .labels = kBreakerLabels, .figures = kBreakers},
    {.array = "nodes", .heading = "nodes", .labels = kNodeLabels, .figures = kNodes},
    {.array = "database", .heading = "database connections", .labels = kDatabaseLabels, .figures = kDatabase},
};

}  // namespace

std::span<const FigureGroup> figures() { return kGroups; }

}  // namespace calint::app
