// Which failures the operator mends for many at once.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/runtime.h"
#include "store/breakers.h"
#include "store/records.h"
#include "store/revocations.h"

namespace calint::integration {

// What a job of this kind and integration waits for after this error: its OAuth client, where the provider refuses it,
// or the client's calendars alone; or the key that seals its tokens or its client's secret, where the keyset doesn't
// have it. Nothing where it isn't the operator's to mend, or concerns more or less than that, as a database's refusal
// does.
std::optional<store::Breaker> breaker_of(const Runtime& runtime, std::string_view kind,
                                         const store::Integration& integration, const Error& error);
std::optional<store::Breaker> breaker_of(const Runtime& runtime, const store::RevocationJob& revocation,
                                         const Error& error);

}  // namespace calint::integration
