// How the OAuth client of a provider proves itself: what the configuration names, read at start.
#pragma once

#include "base/result.h"
#include "runtime/settings.h"

namespace calint {

// Reads the secret, or the certificate and its key. As root, in the parent. operator_fault, beginning with the
// directive's name, where one can't be read or used.
Status read_client_credentials(ProviderSettings& settings);

}  // namespace calint
