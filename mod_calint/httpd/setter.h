// What every setter has in common: where it may stand, the guard, and how its message looks.
#pragma once

#include <fmt/format.h>

#include <utility>

#include "base/result.h"
#include "httpd/apache.h"
#include "httpd/arguments.h"
#include "httpd/config.h"
#include "httpd/guard.h"

namespace calint::httpd {

// The message that httpd prints for a refused directive: "CalIntDatabasePool: write a whole number ...".
inline const char* refusal(cmd_parms* cmd, const char* what) {
  const char* name = cmd->cmd->name;
  return apr_pstrcat(cmd->pool, name, *name == '<' ? ">: " : ": ", what, nullptr);
}

// Runs a setter's body behind the guard. nullptr, or the message.
template <typename Body>
const char* run_setter(cmd_parms* cmd, Body&& body) {
  const char* message = nullptr;
  auto report = [&](const char* what) { message = refusal(cmd, what); };
  return guard(message, report, [&]() -> const char* {
    Status status = std::forward<Body>(body)();
    return status.ok() ? nullptr : refusal(cmd, status.error().what.c_str());
  });
}

// For a directive of the server level: `body` gets the server's Settings and returns a Status.
template <typename Body>
const char* set(cmd_parms* cmd, Directive directive, Body&& body) {
  return run_setter(cmd, [&]() -> Status {
    ServerConfig* config = server_config(cmd->server);
    if (config->open_section != nullptr)
      return refuse("stands outside of <CalIntProvider>; move it before or after the section");
    Status status = body(config->settings);
    if (status.ok()) config->given.set(static_cast<size_t>(directive));
    return status;
  });
}

// For a directive inside <CalIntProvider>: `body` gets the section's ProviderSettings.
template <typename Body>
const char* set_in_section(cmd_parms* cmd, Body&& body) {
  return run_setter(cmd, [&]() -> Status {
    ServerConfig* config = server_config(cmd->server);
    if (config->open_section == nullptr)
      return refuse("stands inside <CalIntProvider google> ... </CalIntProvider>, or another provider's section");
    return body(*config->open_section);
  });
}

// Stores the value, or passes the refusal on.
template <typename T, typename Value>
Status assign(T& target, Result<Value> result) {
  if (!result.ok()) return std::move(result).error();
  target = T(std::move(result).value());
  return {};
}

// Takes the argument out of the configuration tree that mod_info shows: it may hold a password.
inline void hide_argument(cmd_parms* cmd) { const_cast<ap_directive_t*>(cmd->directive)->args = "(hidden)"; }

}  // namespace calint::httpd
