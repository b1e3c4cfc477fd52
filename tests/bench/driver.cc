// The browsers of a benchmark: C threads, each with one kept connection, that send requests prepared beforehand and
// look at every answer.
//
//   bench_driver get   GET one path again and again: the driver's own limit, and simple handlers
//   bench_driver flow  a flow a user: all starts first, not measured as callbacks; then all callbacks
//
// Prints one line of JSON. An answer that isn't the expected one counts as wrong and is shown on stderr once.
#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 0;
  std::string path;
  std::string callback;                       // where the provider sends the browser, without its parameters
  std::string callback_parameters;            // after code and state
  std::string user_header = "X-Bench-User";
  int status = 0;                             // what the answer must be
  std::string location;                       // what its Location must contain
  int concurrency = 1;
  long first = 0, count = 0;                  // users; of `get`, requests
};

struct Answer {
  int status = 0;
  std::string head;  // status line and fields, each with its CRLF

  // Every value of a field, joined by `joint`; names are written as httpd writes them.
  std::string field(std::string_view name, std::string_view joint = ", ", std::string_view until = "\r") const {
    std::string joined;
    const std::string start = "\r\n" + std::string(name) + ": ";
    for (size_t at = head.find(start); at != std::string::npos; at = head.find(start, at)) {
      at += start.size();
      const size_t end = std::min(head.find_first_of(until, at), head.find('\r', at));
      joined += (joined.empty() ? "" : std::string(joint)) + head.substr(at, end - at);
    }
    return joined;
  }
};

class Browser {
 public:
  explicit Browser(int port) : port_(port) {}
  ~Browser() { leave(); }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  Answer get(const std::string& request) {
    if (fd_ < 0) enter();
    if (send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error("a request could not be sent");
    Answer answer;
    answer.head = take(up_to("\r\n\r\n"));
    answer.status = std::stoi(answer.head.substr(9, 3));
    if (const std::string length = answer.field("Content-Length"); !length.empty()) {
      const size_t size = std::stoul(length);
      while (rest_.size() < size) read_more();
      rest_.erase(0, size);
    } else if (answer.field("Transfer-Encoding") == "chunked") {
      rest_.erase(0, up_to("0\r\n\r\n"));
    }
    if (answer.field("Connection") == "close") leave();
    return answer;
  }

 private:
  void enter() {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port_));
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection to httpd");
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  void leave() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
    rest_.clear();
  }

  void read_more() {
    char buffer[16384];
    const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
    if (count <= 0) throw std::runtime_error("httpd closed the connection in mid-answer");
    rest_.append(buffer, static_cast<size_t>(count));
  }

  size_t up_to(std::string_view mark) {
    size_t at = 0;
    while ((at = rest_.find(mark)) == std::string::npos) read_more();
    return at + mark.size();
  }

  std::string take(size_t size) {
    std::string taken = rest_.substr(0, size);
    rest_.erase(0, size);
    return taken;
  }

  int port_;
  int fd_ = -1;
  std::string rest_;
};

std::string request_for(const Options& options, const std::string& path, long user, const std::string& cookies = {}) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}: {}\r\nUser-Agent: bench\r\nAccept: text/html\r\n{}\r\n", path,
      options.port, options.user_header, user, cookies.empty() ? "" : "Cookie: " + cookies + "\r\n");
}

std::string parameter(const std::string& url, const std::string& name) {
  size_t at = url.find("?" + name + "=");
  if (at == std::string::npos) at = url.find("&" + name + "=");
  if (at == std::string::npos) throw std::runtime_error("the authorization URL has no " + name);
  at += name.size() + 2;
  return url.substr(at, url.find('&', at) - at);
}

// A start, and the callback that the provider would send this browser to. Cookies that a later one of the same
// name replaces don't occur in a first answer.
std::string callback_request(const Options& options, Browser& browser, long user) {
  const Answer started = browser.get(request_for(options, options.path, user));
  if (started.status != 302) throw std::runtime_error(fmt::format("a start answered {}", started.status));
  const std::string url = started.field("Location");
  const std::string path = fmt::format("{}?code={}.{}&state={}{}", options.callback, parameter(url, "nonce"), user,
                                       parameter(url, "state"), options.callback_parameters);
  return request_for(options, path, user, started.field("Set-Cookie", "; ", ";"));
}

// Runs work(browser, i) for each i, in `concurrency` threads; the seconds that it took. The first failure is thrown.
template <typename Work>
double in_parallel(const Options& options, Work work) {
  std::atomic<long> next{0};
  std::vector<std::string> failures(static_cast<size_t>(options.concurrency));
  const auto begun = Clock::now();
  std::vector<std::thread> threads;
  for (std::string& failure : failures)
    threads.emplace_back([&] {
      try {
        Browser browser(options.port);
        for (long i = next++; i < options.count; i = next++) work(browser, i);
      } catch (const std::exception& error) {
        failure = error.what();
        next = options.count;
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures)
    if (!failure.empty()) throw std::runtime_error(failure);
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

struct Outcome {
  double prepared = 0, seconds = 0;
  std::atomic<long> wrong{0};
  std::vector<float> milliseconds;
};

void judge(const Options& options, const Answer& answer, Outcome& outcome) {
  if (answer.status == options.status && answer.field("Location").find(options.location) != std::string::npos) return;
  if (outcome.wrong++ == 0)
    fmt::print(stderr, "wrong answer: status {}, Location {}\n", answer.status, answer.field("Location"));
}

void measure(const Options& options, Outcome& outcome, const std::vector<std::string>& requests) {
  outcome.milliseconds.resize(static_cast<size_t>(options.count));
  outcome.seconds = in_parallel(options, [&](Browser& browser, long i) {
    const auto at = static_cast<size_t>(i);
    const auto begun = Clock::now();
    const Answer answer = browser.get(requests[at % requests.size()]);
    outcome.milliseconds[at] = std::chrono::duration<float, std::milli>(Clock::now() - begun).count();
    judge(options, answer, outcome);
  });
  std::sort(outcome.milliseconds.begin(), outcome.milliseconds.end());
}

void run_flow(const Options& options, Outcome& outcome) {
  std::vector<std::string> callbacks(static_cast<size_t>(options.count));
  outcome.prepared = in_parallel(options, [&](Browser& browser, long i) {
    callbacks[static_cast<size_t>(i)] = callback_request(options, browser, options.first + i);
  });
  measure(options, outcome, callbacks);
}

void print(const Options& options, const Outcome& outcome) {
  const auto percentile = [&](double part) {
    return outcome.milliseconds[static_cast<size_t>(part * static_cast<double>(options.count - 1))];
  };
  fmt::print(
      R"({{"count":{},"wrong":{},"prepared":{:.4f},"seconds":{:.4f},"rate":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f}}})"
      "\n",
      options.count, outcome.wrong.load(), outcome.prepared, outcome.seconds,
      static_cast<double>(options.count) / outcome.seconds, percentile(0.5), percentile(0.99));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"The browsers of a benchmark."};
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--port", options.port)->required();
  app.add_option("--path", options.path, "what to get, or where a flow starts")->required();
  app.add_option("--status", options.status, "the answer's status")->required();
  app.add_option("--location", options.location, "text that the answer's Location contains");
  app.add_option("--concurrency", options.concurrency)->check(CLI::PositiveNumber);
  app.add_option("--first", options.first, "the first user's number");
  app.add_option("--count", options.count, "users, or requests")->required()->check(CLI::PositiveNumber);
  CLI::App* get = app.add_subcommand("get", "the same request again and again");
  CLI::App* flow = app.add_subcommand("flow", "starts, then callbacks, one of each user");
  flow->add_option("--callback", options.callback, "the callback's path")->required();
  flow->add_option("--callback-parameters", options.callback_parameters, "&name=value after code and state");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    Outcome outcome;
    if (*get) measure(options, outcome, {request_for(options, options.path, options.first)});
    else run_flow(options, outcome);
    print(options, outcome);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_driver: {}\n", error.what());
    return 1;
  }
}
