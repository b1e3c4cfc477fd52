#include "oauth/state.h"

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using namespace calint::oauth;
using namespace std::chrono_literals;

namespace {

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;
const Secret kBinding(std::string_view("binding of one session"));
constexpr std::string_view kSealPurpose = "oauth-state";

FlowState sample() {
  return {
      .flow_id = base64url_encode(std::string(16, '\x5a')),
      .organization_id = "acme",
      .user_id = "42",
      .provider = ProviderId::google,
      .client_id = "1234567890-example.apps.googleusercontent.com",
      .client_version = 3,
      .redirect_uri_hash = base64url_encode(crypto::sha256("https://ats.example.com/calendar/auth/google/callback")),
      .purpose = Purpose::reconnect,
      .integration_id = 7,
      .generation = 12,
      .issued_at = kStart,
      .return_to = "/jobs?open=1"};
}

ExpectedFlow expected() {
  const FlowState state = sample();
  return {state.organization_id, state.user_id, state.provider, state.client_id, state.redirect_uri_hash};
}

Status checked(const FlowState& state, Instant now) { return check_state(state, expected(), now, 600s, 60s); }

const crypto::Keyset& keyset() {
  static const crypto::Keyset made = crypto::Keyset::generate(kStart).value();
  return made;
}

// What a key of ours could have sealed for this session, in another version of this software.
std::string sealed_payload(std::string_view payload, std::string_view purpose = kSealPurpose) {
  return base64url_encode(crypto::seal(keyset(), {purpose, kBinding.reveal()}, Secret(payload)).value());
}

}  // namespace

CALINT_TEST(state_brings_back_what_the_start_knew) {
  for (const Purpose purpose : {Purpose::connect, Purpose::reconnect, Purpose::switch_account}) {
    FlowState state = sample();
    state.purpose = purpose;
    auto sealed = seal_state(keyset(), kBinding, state);
    CHECK_OK(sealed);
    auto opened = open_state(keyset(), kBinding, *sealed);
    CHECK_OK(opened);
    CHECK_EQUAL(opened->key_id, keyset().primary().id);
    CHECK_EQUAL(opened->state.flow_id, state.flow_id);
    CHECK_EQUAL(opened->state.organization_id, state.organization_id);
    CHECK_EQUAL(opened->state.user_id, state.user_id);
    CHECK_EQUAL(opened->state.provider, state.provider);
    CHECK_EQUAL(opened->state.client_id, state.client_id);
    CHECK_EQUAL(opened->state.client_version, state.client_version);
    CHECK_EQUAL(opened->state.redirect_uri_hash, state.redirect_uri_hash);
    CHECK_EQUAL(opened->state.purpose, purpose);
    CHECK_EQUAL(opened->state.integration_id, state.integration_id);
    CHECK_EQUAL(opened->state.generation, state.generation);
    CHECK_EQUAL(opened->state.issued_at, state.issued_at);
    CHECK_EQUAL(opened->state.return_to, state.return_to);
  }
}

CALINT_TEST(state_opens_only_in_its_own_session) {
  const std::string sealed = seal_state(keyset(), kBinding, sample()).value();
  CHECK_FAULT(open_state(keyset(), Secret(std::string_view("binding of another session")), sealed), Fault::bad_input);
  CHECK_FAULT(open_state(keyset(), Secret(), sealed), Fault::bad_input);
}

CALINT_TEST(state_of_another_server_does_not_open) {
  const auto others = crypto::Keyset::generate(kStart).value();
  CHECK_FAULT(open_state(keyset(), kBinding, seal_state(others, kBinding, sample()).value()), Fault::bad_input);
}

CALINT_TEST(state_still_opens_after_its_key_was_replaced) {
  crypto::Keyset rotated = crypto::Keyset::generate(kStart).value();
  const uint32_t old = rotated.primary().id;
  const std::string sealed = seal_state(rotated, kBinding, sample()).value();
  const uint32_t id = rotated.add(kStart).value();
  CHECK_OK(rotated.promote(id));
  auto opened = open_state(rotated, kBinding, sealed);
  CHECK_OK(opened);
  CHECK_EQUAL(opened->key_id, old);
  CHECK_OK(rotated.retire(old));
  CHECK_FAULT(open_state(rotated, kBinding, sealed), Fault::bad_input);
}

CALINT_TEST(what_was_sealed_for_another_purpose_is_no_state) {
  const std::string payload = R"({"f":"x","p":"google","w":"connect"})";
  CHECK_OK(open_state(keyset(), kBinding, sealed_payload(payload)));
  CHECK_FAULT(open_state(keyset(), kBinding, sealed_payload(payload, "access_token")), Fault::bad_input);
}

CALINT_TEST(a_sealed_payload_of_another_shape_is_refused) {
  for (const char* payload : {"", "[]", "{}", R"({"f":"x"})", R"({"f":"","p":"google","w":"connect"})",
                              R"({"f":"x","p":"myspace","w":"connect"})", R"({"f":"x","p":"google","w":"steal"})",
                              R"({"f":1,"p":"google","w":"connect"})", R"({"f":"x","p":"google","w":"connect","t":-1})",
                              R"({"f":"x","p":"google","w":"connect","t":9223372036854775807})"})
    CHECK_FAULT(open_state(keyset(), kBinding, sealed_payload(payload)), Fault::bad_input);
}

CALINT_TEST(no_changed_state_opens) {
  const std::string envelope = base64url_decode(seal_state(keyset(), kBinding, sample()).value()).value();
  for (size_t i = 0; i < envelope.size(); ++i) {
    std::string changed = envelope;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FAULT(open_state(keyset(), kBinding, base64url_encode(changed)), Fault::bad_input);
    CHECK_FAULT(open_state(keyset(), kBinding, base64url_encode(envelope.substr(0, i))), Fault::bad_input);
  }
}

CALINT_TEST(foreign_text_is_no_state) {
  const std::string sealed = seal_state(keyset(), kBinding, sample()).value();
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("%00"), sealed + "=", " " + sealed, sealed + "A"})
    CHECK_FAULT(open_state(keyset(), kBinding, text), Fault::bad_input);
  test::RandomBytes random(20261125);
  for (int i = 0; i < 500; ++i)
    CHECK_FAULT(open_state(keyset(), kBinding, base64url_encode(random.bytes(random.below(200)))), Fault::bad_input);
}

CALINT_TEST(a_state_of_more_than_4_kb_is_not_even_decoded) {
  auto opened = open_state(keyset(), kBinding, std::string(4097, '='));
  CHECK_FAULT(opened, Fault::bad_input);
  CHECK_EQUAL(opened.error().what, "the state is too long");
  CHECK_EQUAL(open_state(keyset(), kBinding, std::string(4096, '=')).error().what, "the state is not base64url");
}

CALINT_TEST(a_state_with_the_longest_return_path_stays_below_1500_characters) {
  FlowState state = sample();
  state.organization_id = std::string(64, 'o');
  state.user_id = std::string(64, 'u');
  state.client_id = std::string(72, 'c');
  state.integration_id = state.generation = state.client_version = INT64_MAX;
  state.return_to = "/" + std::string(511, 'r');
  const std::string sealed = seal_state(keyset(), kBinding, state).value();
  CHECK(sealed.size() < 1500);
  CHECK_EQUAL(open_state(keyset(), kBinding, sealed)->state.return_to, state.return_to);
}

CALINT_TEST(two_states_of_the_same_flow_look_different) {
  CHECK(seal_state(keyset(), kBinding, sample()).value() != seal_state(keyset(), kBinding, sample()).value());
}

CALINT_TEST(a_state_is_for_one_user_provider_client_and_redirect_uri) {
  CHECK_OK(checked(sample(), kStart));
  FlowState state = sample();
  state.organization_id = "other";
  CHECK_FAULT(checked(state, kStart), Fault::bad_input);
  state = sample();
  state.user_id = "43";
  CHECK_FAULT(checked(state, kStart), Fault::bad_input);
  state = sample();
  state.provider = ProviderId::outlook;
  CHECK_FAULT(checked(state, kStart), Fault::bad_input);
  state = sample();
  state.client_id = "other";
  CHECK_FAULT(checked(state, kStart), Fault::bad_input);
  state = sample();
  state.redirect_uri_hash = "other";
  CHECK_FAULT(checked(state, kStart), Fault::bad_input);
}

CALINT_TEST(a_state_lives_for_its_lifetime_and_the_clock_skew) {
  CHECK_OK(checked(sample(), kStart + 660s));
  CHECK_FAULT(checked(sample(), kStart + 660s + 1us), Fault::bad_input);
  CHECK_OK(checked(sample(), kStart - 60s));
  CHECK_FAULT(checked(sample(), kStart - 60s - 1us), Fault::bad_input);
}

CALINT_TEST(reasons_name_no_value_of_the_state) {
  FlowState state = sample();
  state.user_id = "somebody";
  const Error error = checked(state, kStart).error();
  CHECK_EQUAL(error.what.find("somebody"), std::string::npos);
  CHECK_EQUAL(error.what.find("42"), std::string::npos);
  const std::string sealed = seal_state(keyset(), kBinding, sample()).value();
  const Error unopened = open_state(keyset(), Secret(std::string_view("else")), sealed).error();
  CHECK_EQUAL(unopened.what.find(sealed), std::string::npos);
  CHECK_EQUAL(unopened.what.find("else"), std::string::npos);
}
