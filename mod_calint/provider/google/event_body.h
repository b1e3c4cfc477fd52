// Events as Google is sent them (providers.md, 2.10 and 2.11). Pure. Source: Calendar API v3, resource Events.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provider/events.h"

namespace calint::google {

// The extended property, private to the organiser's copy, that has our key.
inline constexpr const char* kKeyProperty = "calintInterview";

// A guest as they stand in an event: what a change of the list must send along, or it would be lost.
struct GuestEntry {
  std::string email;
  std::string name = {};
  bool is_optional = false;
  bool is_resource = false;   // a room or a device
  bool is_organiser = false;  // or the calendar itself
  std::string status = {};    // responseStatus as it is written
  std::string comment = {};
  int additional_guests = 0;

  bool operator==(const GuestEntry&) const = default;
};

// Google's HTML where the text has anything that would be markup there; otherwise the text itself, which also those see
// right whose calendar shows no HTML.
std::string description_text(const provider::EventContent& content);

// The list after a change: whoever is wanted, with the answer that they gave; the organiser and the rooms stay.
std::vector<GuestEntry> merged_guests(const std::vector<GuestEntry>& known,
                                      const std::vector<provider::Guest>& wanted);

// The body of events.insert. `key` is the id too, and the id of the request for a room.
std::string insert_body(const std::string& key, const provider::EventContent& content);

// The body of events.patch; `known` are the guests as they stand.
std::string patch_body(const provider::EventContent& content, const provider::EventParts& parts,
                       const std::vector<GuestEntry>& known);

}  // namespace calint::google
