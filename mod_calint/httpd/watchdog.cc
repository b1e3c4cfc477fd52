#include "httpd/watchdog.h"

#include <atomic>
#include <chrono>
#include <memory>

#include "app/background.h"
#include "httpd/guard.h"
#include "httpd/log_sink.h"
#include "httpd/pool.h"
#include "httpd/startup.h"
#include "jobs/worker.h"
#include "net/curl_transport.h"

namespace calint::httpd {
namespace {

constexpr std::chrono::milliseconds kCallsMayEnd{1500};
// From the start of the wait. Below the 9 s after which httpd kills a child that doesn't end.
constexpr std::chrono::milliseconds kGiveUp{5000};
constexpr std::chrono::milliseconds kPauseAfterBug{2000};

bool child_is_stopping() {
  int state = 0;
  return ap_mpm_query(AP_MPMQ_MPM_STATE, &state) != APR_SUCCESS || state == AP_MPMQ_STOPPING;
}

apr_status_t on_watchdog(int state, void* background, apr_pool_t* pool);

}  // namespace

// Of one server. Lives in pconf, which a child never clears, so longer than the watchdog's thread. That thread alone
// makes, uses and deletes the runtime; the child's end only waits for it.
class Background {
 public:
  explicit Background(const ServerAndConfig& entry) : entry_(entry), log_(entry.server) {}

  void watch(ap_watchdog_t* watchdog) { watchdog_ = watchdog; }

  // In the watchdog's thread. start() comes first, and only in the process that has the lock: false where there can be
  // no work. stop() comes last, once the child is stopping.
  bool start(apr_pool_t* pool);
  void run();
  void stop();

  // In the thread that ends the child. Under prefork that is inside a signal handler: it takes no lock and frees
  // nothing. Returns when the runtime is gone, or after kGiveUp: then the process ends under the other thread, and the
  // leases of its jobs run out.
  void wait_for_end();

 private:
  enum class State { unused, idle, busy, ended };

  bool change(State from, State to) { return state_.compare_exchange_strong(from, to); }
  bool make(apr_pool_t* pool);
  void report_bug(const char* what) const {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, entry_.server, "CALINT0101: internal error in background work: %s", what);
  }

  const ServerAndConfig entry_;
  ServerLog log_;
  ap_watchdog_t* watchdog_ = nullptr;
  std::atomic<State> state_{State::unused};
  std::atomic<bool> give_up_calls_{false};
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<jobs::Worker> worker_;
};

bool Background::start(apr_pool_t* pool) {
  // The child's signals are for the thread that serves, not for this one or those that it starts.
  apr_setup_signal_thread();
  if (!change(State::unused, State::busy)) return false;
  const bool made = guard(false, [this](const char* what) { report_bug(what); }, [&] { return make(pool); });
  state_ = made ? State::idle : State::ended;
  return made;
}

bool Background::make(apr_pool_t* pool) {
  const Settings& settings = entry_.config->settings;
  // A runtime of its own: the calls that are given up must be no request's, and the database connections that it
  // takes none that a request waits for.
  auto runtime = make_runtime(pool, entry_,
                              std::make_unique<CurlTransport>(CurlTransport::Options{
                                  .connect_timeout = settings.connect_timeout,
                                  .total_timeout = settings.total_timeout,
                                  .proxy = settings.proxy,
                                  .trust = entry_.config->trust,
                                  .allow_insecure_loopback = settings.allow_insecure_loopback,
                                  .stopping = [this] { return give_up_calls_.load(); },
                              }));
  if (!runtime.ok()) {
    log_.write(LogLevel::error, "CALINT0110", "no background work: " + runtime.error().what);
    return false;
  }
  runtime_ = std::move(runtime).value();
  worker_ = std::make_unique<jobs::Worker>(*runtime_, log_, child_is_stopping,
                                           jobs::Worker::Options{.kinds = app::kinds(),
                                                                 .chores = app::chores(),
                                                                 .listen = settings.database_listen});
  log_.write(LogLevel::info, "CALINT0109", "background work runs in this process");
  return true;
}

void Background::run() {
  if (child_is_stopping() || !change(State::idle, State::busy)) return;
  const auto pause =
      guard(kPauseAfterBug, [this](const char* what) { report_bug(what); }, [this] { return worker_->run(); });
  auto* set_interval = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_set_callback_interval);
  set_interval(watchdog_, apr_time_from_msec(pause.count()), this, on_watchdog);
  state_ = State::idle;
}

void Background::stop() {
  if (!change(State::idle, State::busy)) return;
  worker_.reset();
  runtime_.reset();
  state_ = State::ended;
}

void Background::wait_for_end() {
  const auto start = std::chrono::steady_clock::now();
  while (state_ != State::ended && !change(State::unused, State::ended)) {
    const auto waited = std::chrono::steady_clock::now() - start;
    if (waited > kGiveUp) return;
    if (waited > kCallsMayEnd) give_up_calls_ = true;
    apr_sleep(apr_time_from_msec(10));
  }
}

namespace {

apr_status_t on_watchdog(int state, void* data, apr_pool_t* pool) {
  auto* background = static_cast<Background*>(data);
  if (state == AP_WATCHDOG_STATE_STARTING) return background->start(pool) ? APR_SUCCESS : APR_EGENERAL;
  if (state == AP_WATCHDOG_STATE_RUNNING) background->run();
  if (state == AP_WATCHDOG_STATE_STOPPING) background->stop();
  return APR_SUCCESS;
}

apr_status_t end_background(void* background) {
  static_cast<Background*>(background)->wait_for_end();
  return APR_SUCCESS;
}

}  // namespace

bool has_watchdog() { return APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance) != nullptr; }

void plan_background(apr_pool_t* pconf, const ServerAndConfig& entry, unsigned number) {
  if (!entry.config->settings.worker) return;
  auto* background = adopt<Background>(pconf, entry);
  // A watchdog of its own, so that no server waits for another one's providers.
  const char* name = apr_psprintf(pconf, "calint-%u", number);
  auto* get_instance = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance);
  auto* register_callback = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_register_callback);
  ap_watchdog_t* watchdog = nullptr;
  apr_status_t status = get_instance(&watchdog, name, 0, 1, pconf);
  if (status == APR_SUCCESS) status = register_callback(watchdog, AP_WD_TM_SLICE, background, on_watchdog);
  if (status != APR_SUCCESS) {
    ap_log_error(APLOG_MARK, APLOG_ERR, status, entry.server, "CALINT0110: no background work: mod_watchdog refuses");
    return;
  }
  background->watch(watchdog);
  entry.config->background = background;
}

void end_background_with(apr_pool_t* pchild, const ServerConfig& config) {
  if (config.background != nullptr) apr_pool_pre_cleanup_register(pchild, config.background, end_background);
}

}  // namespace calint::httpd
