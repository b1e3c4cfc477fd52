// Tells whether this server's OAuth client is still the one that was refused.
#pragma once

#include <optional>
#include <string>

#include "base/provider_id.h"
#include "runtime/runtime.h"

namespace calint {

// Of the secret or certificate of the server's client: keyed, and of no use to whoever reads it. Nothing where the
// provider isn't configured.
std::optional<std::string> client_mark(const Runtime& runtime, ProviderId provider);

}  // namespace calint
