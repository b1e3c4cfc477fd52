// Events as Graph is sent them (providers.md, 3.10). Pure. Sources: Graph v1.0, resource event, "Create event", "Update
// event", "Outlook extended properties overview".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provider/events.h"

namespace calint::outlook {

// The extended property that has our key: nobody sees it, and a filter finds it.
inline constexpr std::string_view kKeyProperty = "String {5a4f7f0e-2c7b-4c5e-9a53-7d1f8c0b6e21} Name CalintInterview";

// A guest as they stand in an event.
struct GuestEntry {
  std::string email;
  std::string name = {};
  std::string type = {};      // required, optional, resource
  bool is_organiser = false;
  std::string response = {};  // as it is written, with its time
  std::string answered_at = {};

  bool operator==(const GuestEntry&) const = default;
};

// The list after a change: whoever is wanted, with the answer that they gave; the organiser and the rooms stay.
std::vector<GuestEntry> merged_guests(const std::vector<GuestEntry>& known,
                                      const std::vector<provider::Guest>& wanted);

// Ours as HTML. Outlook can't be silent to guests: where they aren't to hear, whoever isn't among `known` is named in it,
// and a change of them writes all of it anew.
std::string body_text(const provider::EventContent& content, const std::vector<GuestEntry>& known);

// What is known of an event that is to be changed.
struct KnownEvent {
  std::vector<GuestEntry> guests;
  std::string body = {};      // HTML
  bool is_online = false;     // a meeting of Teams
  std::string join_url = {};  // empty: not there yet, or none
};

// The event's body with `text` in front of the block that Teams has put into it, in the place of whatever was there.
// Without the block it would be no online meeting any more. What stands behind it stays; and where a meeting's block isn't
// recognised, all that was there but a text of ours.
std::string body_with_text(const KnownEvent& known, std::string_view text);

// The body of the creation. `key` makes the transactionId.
std::string create_body(const std::string& key, const provider::EventContent& content);

// Whether a change is one of the body too.
bool changes_body(const provider::EventContent& content, const provider::EventParts& parts);

// The body of a change of what is known.
std::string patch_body(const provider::EventContent& content, const provider::EventParts& parts,
                       const KnownEvent& known);

}  // namespace calint::outlook
