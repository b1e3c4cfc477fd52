#include "vault/vault.h"

#include "support/check.h"

using namespace calint;

namespace {

crypto::Keyset new_keyset() { return *crypto::Keyset::generate(Instant(std::chrono::seconds(1800000000))); }

oauth::Tokens tokens() {
  return {.access_token = Secret(std::string_view("access-1")),
          .refresh_token = Secret(std::string_view("refresh-1")),
          .expires_at = Instant(std::chrono::seconds(1800003600))};
}

vault::Owner owner() { return {"org", "user", ProviderId::google, 3}; }

// The row as it would be read again.
store::Integration stored(const store::SealedTokens& sealed) {
  return {.id = 42,
          .organization_id = "org",
          .user_id = "user",
          .provider = ProviderId::google,
          .access_token_encrypted = sealed.access_token,
          .refresh_token_encrypted = sealed.refresh_token,
          .seal_id = sealed.seal_id,
          .generation = 3};
}

}  // namespace

CALINT_TEST(tokens_come_back_as_they_were_sealed) {
  const auto keyset = new_keyset();
  auto sealed = vault::seal_tokens(keyset, owner(), tokens());
  CHECK_OK(sealed);
  CHECK_EQUAL(sealed->access_token.find("access-1"), std::string::npos);
  auto plain = vault::open_tokens(keyset, stored(*sealed));
  CHECK_OK(plain);
  CHECK_EQUAL(plain->access_token.reveal(), "access-1");
  CHECK_EQUAL(plain->refresh_token->reveal(), "refresh-1");
}

CALINT_TEST(a_refresh_without_a_refresh_token_keeps_the_old_one) {
  const auto keyset = new_keyset();
  oauth::Tokens refreshed = tokens();
  refreshed.refresh_token.reset();
  auto sealed = vault::seal_tokens(keyset, owner(), refreshed, Secret(std::string_view("kept")));
  CHECK_OK(sealed);
  auto plain = vault::open_tokens(keyset, stored(*sealed));
  CHECK_OK(plain);
  CHECK_EQUAL(plain->refresh_token->reveal(), "kept");
}

CALINT_TEST(a_token_opens_only_in_its_own_row_column_and_time) {
  const auto keyset = new_keyset();
  auto sealed = vault::seal_tokens(keyset, owner(), tokens());
  CHECK_OK(sealed);
  const store::Integration row = stored(*sealed);

  store::Integration moved = row;
  moved.organization_id = "other";
  CHECK_FAULT(vault::open_tokens(keyset, moved), Fault::corrupt);
  moved = row;
  moved.user_id = "other";
  CHECK_FAULT(vault::open_tokens(keyset, moved), Fault::corrupt);
  moved = row;
  moved.provider = ProviderId::outlook;
  CHECK_FAULT(vault::open_tokens(keyset, moved), Fault::corrupt);
  moved = row;
  moved.generation = 4;
  CHECK_FAULT(vault::open_tokens(keyset, moved), Fault::corrupt);
  moved = row;
  std::swap(moved.access_token_encrypted, moved.refresh_token_encrypted);
  CHECK_FAULT(vault::open_tokens(keyset, moved), Fault::corrupt);

  // An older value of the same row: every write has a seal id of its own.
  auto later = vault::seal_tokens(keyset, owner(), tokens());
  CHECK_OK(later);
  CHECK(later->seal_id != sealed->seal_id);
  moved = stored(*later);
  moved.access_token_encrypted = row.access_token_encrypted;
  auto opened = vault::open_tokens(keyset, moved);
  CHECK_FAULT(opened, Fault::corrupt);
  CHECK_EQUAL(opened.error().detail, Detail::unopened);
}

CALINT_TEST(another_nodes_keyset_is_the_operators_to_mend) {
  auto sealed = vault::seal_tokens(new_keyset(), owner(), tokens());
  CHECK_OK(sealed);
  auto opened = vault::open_tokens(new_keyset(), stored(*sealed));
  CHECK_FAULT(opened, Fault::operator_fault);
  CHECK_EQUAL(opened.error().detail, Detail::unopened);
}

CALINT_TEST(a_revocation_has_a_copy_of_its_own) {
  const auto keyset = new_keyset();
  auto revocation = vault::seal_revocation(keyset, owner(), {"", "key"}, Secret(std::string_view("refresh-1")));
  CHECK_OK(revocation);
  store::RevocationJob job{.organization_id = "org",
                           .user_id = "user",
                           .provider = ProviderId::google,
                           .token_encrypted = revocation->token_encrypted,
                           .seal_id = revocation->seal_id};
  auto token = vault::open_revocation(keyset, job);
  CHECK_OK(token);
  CHECK_EQUAL(token->reveal(), "refresh-1");
  job.user_id = "other";
  CHECK_FAULT(vault::open_revocation(keyset, job), Fault::corrupt);
}

CALINT_TEST(an_account_is_known_again_by_its_client_and_subject) {
  const auto keyset = new_keyset();
  const std::string key = vault::account_key(keyset, ProviderId::google, "client", "subject");
  CHECK_EQUAL(vault::account_key(keyset, ProviderId::google, "client", "subject"), key);
  CHECK(vault::account_key(keyset, ProviderId::google, "clients", "ubject") != key);
  CHECK(vault::account_key(keyset, ProviderId::outlook, "client", "subject") != key);
  CHECK(vault::account_key(new_keyset(), ProviderId::google, "client", "subject") != key);
  CHECK_EQUAL(key.find("subject"), std::string::npos);
}

CALINT_TEST(an_account_keeps_its_key_through_a_rotation) {
  auto keyset = new_keyset();
  const std::string key = vault::account_key(keyset, ProviderId::google, "client", "subject");
  auto added = keyset.add(Instant(std::chrono::seconds(1800000001)));
  CHECK_OK(added);
  CHECK_OK(keyset.promote(*added));
  CHECK_EQUAL(vault::account_key(keyset, ProviderId::google, "client", "subject"), key);
}

namespace {

store::ClientVersion own_client() {
  return {.organization_id = "org", .provider = ProviderId::outlook, .client_id = "client", .version = 3};
}

}  // namespace

CALINT_TEST(a_clients_secret_comes_back_and_is_sealed_anew_each_time) {
  const auto keyset = new_keyset();
  const Secret secret(std::string_view("client-secret"));
  auto sealed = vault::seal_client_secret(keyset, own_client(), secret);
  CHECK_OK(sealed);
  CHECK_EQUAL(sealed->secret_encrypted->find("client-secret"), std::string::npos);
  auto opened = vault::open_client_secret(keyset, *sealed);
  CHECK_OK(opened);
  CHECK_EQUAL(opened->reveal(), "client-secret");
  auto again = vault::seal_client_secret(keyset, *sealed, secret);
  CHECK_OK(again);
  CHECK(again->seal_id != sealed->seal_id);
}

CALINT_TEST(a_clients_secret_opens_only_in_its_own_row) {
  const auto keyset = new_keyset();
  auto sealed = vault::seal_client_secret(keyset, own_client(), Secret(std::string_view("client-secret")));
  CHECK_OK(sealed);
  const auto moved = [&](auto change) {
    store::ClientVersion other = *sealed;
    change(other);
    auto opened = vault::open_client_secret(keyset, other);
    CHECK(!opened.ok());
    CHECK_EQUAL(opened.error().fault, Fault::corrupt);
    CHECK_EQUAL(opened.error().detail, Detail::unopened);
  };
  moved([](auto& row) { row.organization_id = "other"; });
  moved([](auto& row) { row.provider = ProviderId::google; });
  moved([](auto& row) { row.client_id = "another"; });
  moved([](auto& row) { row.version = 4; });
  moved([](auto& row) { row.seal_id = "another"; });
  moved([](auto& row) { row.secret_encrypted.reset(); });
  CHECK_FAULT(vault::open_client_secret(new_keyset(), *sealed), Fault::operator_fault);
}

CALINT_TEST(clients_of_one_google_project_know_an_account_by_the_same_key) {
  const auto keyset = new_keyset();
  const auto key = [&](ProviderId provider, const char* client) {
    return vault::account_key(keyset, provider, client, "subject");
  };
  CHECK_EQUAL(key(ProviderId::google, "123-a.apps.googleusercontent.com"),
              key(ProviderId::google, "123-b.apps.googleusercontent.com"));
  CHECK(key(ProviderId::google, "123-a.apps.googleusercontent.com") !=
        key(ProviderId::google, "124-a.apps.googleusercontent.com"));
  CHECK(key(ProviderId::google, "my-a") != key(ProviderId::google, "my-b"));
  CHECK(key(ProviderId::outlook, "00001111-a") != key(ProviderId::outlook, "00001111-b"));
}
