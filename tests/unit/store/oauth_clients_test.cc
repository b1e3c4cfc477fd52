// OAuth clients of organisations: one active per provider, older versions kept, changes fenced by what was seen.
#include "store/oauth_clients.h"

#include <thread>

#include "store/rekey.h"
#include "store/users.h"
#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

// An administrator here, and one elsewhere.
constexpr const char* kAdministrators =
    "INSERT INTO users (id, organization_id, email, name, is_admin)"
    " VALUES (7, 1, 'ada', 'Ada', true), (8, 2, 'far', 'Far', true)";

ClientVersion client(int64_t version, const std::string& id = "own", ProviderId provider = ProviderId::google) {
  return {.organization_id = "1",
          .provider = provider,
          .client_id = id,
          .version = version,
          .tenant = provider == ProviderId::outlook ? "contoso.example" : "",
          .secret_encrypted = std::string("\x01\xaa\xbb\xcc\xdd-sealed", 12),
          .seal_id = "seal-" + std::to_string(version)};
}

ClientChange seen(int64_t version) {
  return {.seen_version = version, .actor = {.user_id = "7", .ip_address = "127.0.0.1", .user_agent = "test"}};
}

std::optional<ClientVersion> active(postgres::Pool& pool, ProviderId provider = ProviderId::google,
                                    const char* login = "ada") {
  auto found = find_signed_in(pool, {.name = login}, provider, soon());
  CHECK_OK(found);
  return found->own_client;
}

}  // namespace

CALINT_TEST(a_saved_client_comes_with_who_is_signed_in) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK(!active(pool));
  CHECK_OK(save_client(pool, client(1, "ms", ProviderId::outlook), seen(0), soon()));
  const auto found = active(pool, ProviderId::outlook);
  CHECK(found.has_value());
  CHECK_EQUAL(found->client_id, "ms");
  CHECK_EQUAL(found->tenant, "contoso.example");
  CHECK_EQUAL(found->version, 1);
  CHECK(found->id != 0);
  CHECK_EQUAL(found->secret_encrypted, client(1).secret_encrypted);
  CHECK(!active(pool));
  CHECK(!active(pool, ProviderId::outlook, "far"));
  auto nobodys = find_signed_in(pool, {.name = "ada"}, std::nullopt, soon());
  CHECK_OK(nobodys);
  CHECK(!nobodys->own_client);
}

CALINT_TEST(a_new_version_leaves_the_one_before_readable) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1, "first"), seen(0), soon()));
  CHECK_OK(save_client(pool, client(2, "second"), seen(1), soon()));
  CHECK_EQUAL(active(pool)->client_id, "second");
  auto before = find_client_version(pool, "1", ProviderId::google, 1, soon());
  CHECK_OK(before);
  CHECK(before->has_value());
  CHECK_EQUAL((*before)->client_id, "first");
  for (auto [organization, provider, version] : {std::tuple{"1", ProviderId::google, 3}, {"2", ProviderId::google, 1},
                                                 {"1", ProviderId::outlook, 1}, {"", ProviderId::google, 1}}) {
    auto none = find_client_version(pool, organization, provider, version, soon());
    CHECK_OK(none);
    CHECK(!none->has_value());
  }
}

CALINT_TEST(a_removed_client_stays_for_those_who_use_it_and_its_number_is_not_given_again) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1), seen(0), soon()));
  CHECK_OK(remove_client(pool, "1", ProviderId::google, seen(1), soon()));
  CHECK(!active(pool));
  CHECK(find_client_version(pool, "1", ProviderId::google, 1, soon())->has_value());
  CHECK_FAULT(save_client(pool, client(1), seen(0), soon()), Fault::conflict);
  CHECK_OK(save_client(pool, client(2), seen(0), soon()));
}

CALINT_TEST(what_changed_since_it_was_seen_is_not_overwritten) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1), seen(0), soon()));
  CHECK_FAULT(save_client(pool, client(2), seen(0), soon()), Fault::conflict);
  CHECK_OK(save_client(pool, client(2), seen(1), soon()));
  CHECK_FAULT(remove_client(pool, "1", ProviderId::google, seen(1), soon()), Fault::conflict);
  CHECK_EQUAL(active(pool)->version, 2);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_oauth_clients"), 2);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM audit_logs"), 2);
}

CALINT_TEST(of_many_who_save_at_once_one_does) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  std::vector<std::thread> threads;
  std::array<bool, 8> saved{};
  for (size_t n = 0; n < saved.size(); ++n)
    threads.emplace_back([&, n] {
      saved[n] = save_client(pool, client(1, "client-" + std::to_string(n)), seen(0), soon()).ok();
    });
  for (std::thread& thread : threads) thread.join();
  CHECK_EQUAL(std::count(saved.begin(), saved.end(), true), 1);
  CHECK_EQUAL(installation.number("SELECT count(*) AS n FROM calendar_oauth_clients"), 1);
}

CALINT_TEST(an_ats_without_organisations_has_the_servers_client_only) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  ClientVersion nobodys = client(1);
  nobodys.organization_id.clear();
  CHECK_FAULT(save_client(pool, nobodys, seen(0), soon()), Fault::conflict);
  CHECK_FAULT(remove_client(pool, "", ProviderId::google, seen(0), soon()), Fault::conflict);
}

CALINT_TEST(a_change_is_audited_without_the_secret) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1, "ms", ProviderId::outlook), seen(0), soon()));
  CHECK(installation.number("SELECT count(*) AS n FROM audit_logs WHERE user_id::text = '7'"
                     " AND action = 'calendar_organization_settings.updated'"
                     " AND auditable_type = 'CalendarOrganizationSettings' AND auditable_id::text = '1'"
                     " AND metadata::jsonb = '{\"provider\": \"outlook\", \"oauth_client\": \"organization\","
                     " \"client_id\": \"ms\", \"version\": 1, \"tenant\": \"contoso.example\"}'") == 1);
}

CALINT_TEST(a_newer_secret_is_one_of_the_same_client_id) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1), seen(0), soon()));
  CHECK(!find_newer_secret(pool, client(1), soon())->has_value());
  CHECK_OK(save_client(pool, client(2), seen(1), soon()));
  CHECK_EQUAL((*find_newer_secret(pool, client(1), soon()))->version, 2);
  CHECK_OK(save_client(pool, client(3, "another"), seen(2), soon()));
  CHECK(!find_newer_secret(pool, client(1), soon())->has_value());
}

CALINT_TEST(a_newer_secret_is_one_of_the_same_tenant) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  const ClientVersion first = client(1, "ms", ProviderId::outlook);
  CHECK_OK(save_client(pool, first, seen(0), soon()));
  ClientVersion moved = client(2, "ms", ProviderId::outlook);
  moved.tenant = "fabrikam.example";
  CHECK_OK(save_client(pool, moved, seen(1), soon()));
  CHECK(!find_newer_secret(pool, first, soon())->has_value());
  CHECK_OK(save_client(pool, client(3, "ms", ProviderId::outlook), seen(2), soon()));
  CHECK_EQUAL((*find_newer_secret(pool, first, soon()))->version, 3);
}

CALINT_TEST(people_are_counted_by_the_client_they_are_connected_through) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1), seen(0), soon()));
  CHECK_OK(save_client(pool, client(2, "another"), seen(1), soon()));
  CHECK_OK(pool.query({"INSERT INTO calendar_oauth_clients (provider, client_id) VALUES ('google', 'servers')", {}},
                      soon()));
  CHECK_OK(pool.query(
      {"INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
       " last_error, oauth_client_id) SELECT CASE WHEN n = 9 THEN '2' ELSE '1' END, n, 'google', 'k', 's', 'error',"
       " CASE WHEN n IN (1, 4, 9) THEN 'operator' END, (SELECT id FROM calendar_oauth_clients WHERE client_id ="
       " CASE WHEN n < 3 THEN 'own' WHEN n < 4 THEN 'another' ELSE 'servers' END) FROM generate_series(1, 9) AS n", {}},
      soon()));
  auto uses = list_client_use(pool, "1", soon());
  CHECK_OK(uses);
  CHECK_EQUAL(uses->size(), 2);
  const ClientUse& google = (*uses)[0];
  CHECK_EQUAL(google.provider, ProviderId::google);
  CHECK_EQUAL(google.own->version, 2);
  CHECK_EQUAL(google.latest_version, 2);
  CHECK_EQUAL(google.people, 1);
  CHECK_EQUAL(google.people_before, 7);
  CHECK_EQUAL(google.refused, 1);
  CHECK(!(*uses)[1].own);
  CHECK_EQUAL((*uses)[1].people, 0);

  CHECK_OK(remove_client(pool, "1", ProviderId::google, seen(2), soon()));
  uses = list_client_use(pool, "1", soon());
  CHECK_OK(uses);
  CHECK_EQUAL((*uses)[0].people, 5);
  CHECK_EQUAL((*uses)[0].people_before, 3);
  CHECK_EQUAL((*uses)[0].latest_version, 2);
}

CALINT_TEST(secrets_of_every_version_are_moved_to_a_new_key) {
  test::Installation installation(kAdministrators);
  postgres::Pool& pool = installation.pool;
  CHECK_OK(save_client(pool, client(1), seen(0), soon()));
  CHECK_OK(save_client(pool, client(2), seen(1), soon()));
  CHECK_EQUAL(*count_sealed_with(pool, "aabbccdd", soon()), 2);
  auto found = clients_to_rekey(pool, "11223344", 0, 10, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->size(), 2);
  ClientVersion moved = found->front();
  moved.seal_id = "moved";
  moved.secret_encrypted = std::string("\x01\x11\x22\x33\x44-sealed", 12);
  CHECK(*swap_client_secret(pool, found->front(), moved, soon()));
  CHECK(!*swap_client_secret(pool, found->front(), moved, soon()));
  CHECK_EQUAL(clients_to_rekey(pool, "11223344", 0, 10, soon())->size(), 1);
}
