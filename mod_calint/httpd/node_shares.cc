#include "httpd/node_shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>

namespace calint::httpd {
namespace {

constexpr char kRetained[] = "calint_node_shares";

// While a restart waits for requests, children of several configurations run beside each other.
constexpr unsigned kGenerations = 4;

int ask_mpm(int query) {
  int answer = 0;
  return ap_mpm_query(query, &answer) == APR_SUCCESS ? answer : 0;
}

unsigned part_of_workers(int divisor) {
  const int workers = std::max(1, ask_mpm(AP_MPMQ_MAX_DAEMONS)) * std::max(1, ask_mpm(AP_MPMQ_MAX_THREADS));
  return static_cast<unsigned>(std::max(1, workers / divisor));
}

struct Retained {
  NodeShares* shares;
};

}  // namespace

Status share_node(server_rec* main_server) {
  if (node_shares() != nullptr) return {};
  const unsigned processes = kGenerations * static_cast<unsigned>(std::max(1, ask_mpm(AP_MPMQ_HARD_LIMIT_DAEMONS)));
  const size_t database = postgres::NodeLimits::memory_size(processes);
  const size_t slots = NodeSlots::memory_size(processes);
  const size_t bytes = database + 2 * slots;
  apr_pool_t* pool = main_server->process->pool;
  apr_shm_t* shared = nullptr;
  // Without a name: inherited by the children, gone with the last of them.
  apr_status_t status = apr_shm_create(&shared, bytes, nullptr, pool);
  if (status != APR_SUCCESS) {
    char why[128];
    apr_strerror(status, why, sizeof why);
    return Error{.fault = Fault::operator_fault, .what = fmt::format("no shared memory: {}", why)};
  }
  auto* memory = static_cast<std::byte*>(apr_shm_baseaddr_get(shared));
  std::memset(memory, 0, bytes);
  auto* retained = static_cast<Retained*>(ap_retained_data_create(kRetained, sizeof(Retained)));
  retained->shares = new (apr_palloc(pool, sizeof(NodeShares)))
      NodeShares{.providers = {memory + database, processes},
                 .held_back = {memory + database + slots, processes},
                 .database = {memory, processes}};
  return {};
}

NodeShares* node_shares() {
  auto* retained = static_cast<Retained*>(ap_retained_data_get(kRetained));
  return retained == nullptr ? nullptr : retained->shares;
}

unsigned quarter_of_workers() { return part_of_workers(4); }

unsigned tenth_of_workers() { return part_of_workers(10); }

void child_changed(server_rec*, pid_t pid, ap_generation_t, int, mpm_child_status status) {
  if (status != MPM_CHILD_EXITED) return;
  NodeShares* shares = node_shares();
  if (shares == nullptr) return;
  shares->providers.leave(pid);
  shares->held_back.leave(pid);
  shares->database.leave(pid);
}

}  // namespace calint::httpd
