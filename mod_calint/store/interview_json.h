// What a row of calendar_events keeps as JSON. Private to the room, but for body_json(). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/interview.h"

namespace calint::store {

// In one order: two bodies that are equal have the same text.
std::string body_json(const InterviewBody& body);
InterviewBody body_from(std::string_view text);

std::string guests_json(const std::vector<provider::Guest>& guests);
std::vector<provider::Guest> guests_from(std::string_view text);

std::string answers_json(const std::vector<provider::GuestAnswer>& answers);
std::vector<provider::GuestAnswer> answers_from(std::string_view text);

}  // namespace calint::store
