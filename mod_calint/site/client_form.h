// The form by which an administrator brings the organisation's own OAuth client, parsed. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/form.h"
#include "base/provider_id.h"
#include "base/secret.h"
#include "pages/text.h"

namespace calint::site {

struct ClientForm {
  std::string client_id;
  Secret client_secret;
  std::string tenant;  // Outlook's; empty: the server's

  // Why a field can't be used, for the person who typed it; nullopt: it can.
  std::optional<pages::Text> client_id_error, secret_error, tenant_error;
  bool ok() const { return !client_id_error && !secret_error && !tenant_error; }
};

// Blanks around what was pasted are taken off. The secret moves out of `fields`, which are wiped of it.
// `servers_client_id` can't be an organisation's own as well.
ClientForm parse_client_form(std::vector<FormField>& fields, ProviderId provider, const std::string& servers_client_id);

}  // namespace calint::site
