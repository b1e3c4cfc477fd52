// A proxy before a PostgreSQL cluster's socket that counts round trips and can lose answers.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace calint::test {

// Serves one connection at a time, in a thread. Its socket is in a temporary folder of its own.
class PgProxy {
 public:
  // `folder` is the cluster's.
  explicit PgProxy(const std::string& folder);
  ~PgProxy();

  std::string conninfo(const std::string& database) const;

  // How often the client spoke after it had listened.
  int round_trips() const { return round_trips_; }
  // From now on: what the client sends still arrives, what the server answers doesn't, and the client's
  // connection is closed in place of the first answer.
  void lose_answers() { losing_ = true; }
  // The same for the next answer only.
  void lose_one_answer() { losing_one_ = true; }
  // While true every connection is closed as soon as it is made or used.
  void refuse(bool refusing) { refusing_ = refusing; }

 private:
  void serve(const std::string& server);
  void pass(int client, int server);

  std::string folder_;
  int listener_ = -1;
  int ending_[2] = {-1, -1};  // a pipe: closed at the end
  std::atomic<int> round_trips_ = 0;
  std::atomic<bool> losing_ = false, losing_one_ = false, refusing_ = false;
  std::thread thread_;
};

}  // namespace calint::test
