#include "httpd/log_sink.h"

namespace calint::httpd {
namespace {

int apache_level(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return APLOG_ERR;
    case LogLevel::warning:
      return APLOG_WARNING;
    case LogLevel::notice:
      return APLOG_NOTICE;
    case LogLevel::info:
      return APLOG_INFO;
    case LogLevel::debug:
      return APLOG_DEBUG;
  }
  return APLOG_ERR;
}

}  // namespace

void RequestLog::write(LogLevel level, std::string_view tag, std::string_view text) {
  ap_log_rerror(APLOG_MARK, apache_level(level), 0, r_, "%.*s: %.*s [request %s]", static_cast<int>(tag.size()),
                tag.data(), static_cast<int>(text.size()), text.data(), request_id_.c_str());
}

void ServerLog::write(LogLevel level, std::string_view tag, std::string_view text) {
  ap_log_error(APLOG_MARK, apache_level(level), 0, s_, "%.*s: %.*s", static_cast<int>(tag.size()), tag.data(),
               static_cast<int>(text.size()), text.data());
}

}  // namespace calint::httpd
