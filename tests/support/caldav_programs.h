// Real CalDAV servers, each on a port of 127.0.0.1 with a folder of its own. Whoever signs in is who they say.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace calint::test {

class CalDavProgram {
 public:
  virtual ~CalDavProgram();
  CalDavProgram(const CalDavProgram&) = delete;
  CalDavProgram& operator=(const CalDavProgram&) = delete;

  std::string url() const { return url_; }  // without a slash at the end
  // The path below which a person's calendars are, with a slash at the end. It is there once they have signed in.
  virtual std::string home(std::string_view login) const = 0;
  // The address that a person invites under.
  static std::string address(std::string_view login) { return std::string(login) + "@work.test"; }

 protected:
  explicit CalDavProgram(std::string_view name);

  // Returns once the program answers.
  void start(const std::vector<std::string>& command);
  // The same of a Python script that takes folder and port.
  void start_script(const std::string& script);
  std::string folder() const { return folder_; }
  int port() const { return port_; }

 private:
  std::string folder_;
  int port_;
  std::string url_;
  pid_t server_ = -1;
};

class Radicale final : public CalDavProgram {
 public:
  Radicale();
  std::string home(std::string_view login) const override;
};

class Xandikos final : public CalDavProgram {
 public:
  explicit Xandikos(const std::string& script);  // xandikos_for_people.py
  std::string home(std::string_view login) const override;
};

class Cyrus final : public CalDavProgram {
 public:
  explicit Cyrus(const std::string& script);  // cyrus_for_people.py
  std::string home(std::string_view login) const override;
};

}  // namespace calint::test
