// How a row of the columns in sql/fragments/ becomes a record. Private to the room.
#pragma once

#include "postgres/pool.h"
#include "store/breakers.h"
#include "store/records.h"
#include "store/revocations.h"

namespace calint::store {

// corrupt where a row names a provider that doesn't exist. A client of nulls is none.
Result<ClientVersion> client_from(const postgres::Rows& rows, size_t row);
Result<Integration> integration_from(const postgres::Rows& rows, size_t row);
Result<RevocationJob> revocation_from(const postgres::Rows& rows, size_t row);
// An array of texts as jsonb.
std::vector<std::string> texts_from(std::string_view array);
std::vector<Breaker> breakers_from(const postgres::Rows& rows);

}  // namespace calint::store
