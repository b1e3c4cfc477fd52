#include "oauth/state.h"

#include <array>

#include "base/encoding.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "crypto/seal.h"

namespace calint::oauth {
namespace {

constexpr size_t kLongestState = 4096;
constexpr std::string_view kPurposeOfSeal = "oauth-state";
constexpr std::array<std::pair<Purpose, std::string_view>, 3> kPurposes = {
    {{Purpose::connect, "connect"}, {Purpose::reconnect, "reconnect"}, {Purpose::switch_account, "switch"}}};

crypto::Context context_of(const Secret& binding) { return {kPurposeOfSeal, binding.reveal()}; }

std::string_view text_of(Purpose purpose) {
  for (const auto& [known, text] : kPurposes)
    if (known == purpose) return text;
  return "";
}

Error not_ours(std::string why) {
  return Error{.fault = Fault::bad_input, .what = std::move(why), .detail = Detail::state};
}

// Short names: the state travels in URLs.
std::string payload_of(const FlowState& state) {
  return JsonObject()
      .add("f", state.flow_id)
      .add("o", state.organization_id)
      .add("u", state.user_id)
      .add("p", to_string(state.provider))
      .add("c", state.client_id)
      .add("v", state.client_version)
      .add("h", state.redirect_uri_hash)
      .add("w", text_of(state.purpose))
      .add("i", state.integration_id)
      .add("g", state.generation)
      .add("t", std::chrono::floor<std::chrono::seconds>(state.issued_at).time_since_epoch().count())
      .add_filled("r", state.return_to)
      .text();
}

// Seconds since 1970, up to the year 9999: sums with them don't overflow.
std::optional<Instant> instant_of(int64_t seconds) {
  constexpr int64_t kLast = 253402300799;
  if (seconds < 0 || seconds > kLast) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

Result<FlowState> state_from(std::string_view payload) {
  const Json object = parse_json_object(payload);
  auto text = [&](const char* name) { return std::string(string_member(object.get(), name).value_or("")); };
  auto number = [&](const char* name) { return integer_member(object.get(), name).value_or(0); };
  FlowState state{.flow_id = text("f"),
                  .organization_id = text("o"),
                  .user_id = text("u"),
                  .client_id = text("c"),
                  .client_version = number("v"),
                  .redirect_uri_hash = text("h"),
                  .integration_id = number("i"),
                  .generation = number("g"),
                  .return_to = text("r")};
  const auto provider = parse_provider(text("p"));
  const auto issued_at = instant_of(number("t"));
  if (!object || !provider || !issued_at || state.flow_id.empty()) return not_ours("a state of another version");
  state.provider = *provider;
  state.issued_at = *issued_at;
  const std::string purpose = text("w");
  for (const auto& [known, name] : kPurposes) {
    if (name != purpose) continue;
    state.purpose = known;
    return state;
  }
  return not_ours("a state of another version");
}

}  // namespace

Result<std::string> seal_state(const crypto::Keyset& keyset, const Secret& binding, const FlowState& state) {
  auto sealed = crypto::seal(keyset, context_of(binding), Secret(payload_of(state)));
  if (!sealed) return std::move(sealed).error();
  return base64url_encode(*sealed);
}

Result<OpenedState> open_state(const crypto::Keyset& keyset, const Secret& binding, std::string_view state) {
  if (state.size() > kLongestState) return not_ours("the state is too long");
  const auto envelope = base64url_decode(state);
  if (!envelope) return not_ours("the state is not base64url");
  auto key_id = crypto::envelope_key_id(*envelope);
  if (!key_id) return not_ours("the state is not one of ours");
  auto payload = crypto::open(keyset, context_of(binding), *envelope);
  if (!payload) {
    // Anybody can write a state that names a key which never existed: that is no operator's alarm.
    return not_ours("the state doesn't open in this session: " + payload.error().what);
  }
  auto opened = state_from(payload->reveal());
  if (!opened) return std::move(opened).error();
  return OpenedState{std::move(*opened), *key_id};
}

Status check_state(const FlowState& state, const ExpectedFlow& expected, Instant now, std::chrono::seconds lifetime,
                   std::chrono::seconds skew) {
  if (state.organization_id != expected.organization_id || state.user_id != expected.user_id)
    return not_ours("the state belongs to another user");
  if (state.provider != expected.provider) return not_ours("the state belongs to another provider");
  if (state.client_id != expected.client_id) return not_ours("the state belongs to another OAuth client");
  if (state.redirect_uri_hash != expected.redirect_uri_hash)
    return not_ours("the state belongs to another redirect URI");
  if (now > state.issued_at + lifetime + skew) return not_ours("the state is too old");
  if (now < state.issued_at - skew) return not_ours("the state is from the future: check the nodes' clocks");
  return {};
}

}  // namespace calint::oauth
