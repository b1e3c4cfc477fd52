// What the provider has to be told of an interview next, and what comes of an error. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "provider/events.h"
#include "store/interviews.h"

namespace calint::interviews {

enum class Step { create, change, cancel, look };
Step next_step(const store::Interview& interview);

// What the event is to be.
provider::EventContent content_of(const store::Interview& interview);
// Which of its parts are unsent.
provider::EventParts unsent_parts(const store::Interview& interview);

// The parts in which the event that is to be differs from the one that was. `names_guests`: as Events says.
std::vector<std::string> changed_parts(const store::Interview& before, const store::Interview& after,
                                       bool names_guests);

// Who is invited: the attendees, then the other interviewers; each address once, whatever its case, in the spelling
// that comes first, and none of the organiser's.
std::vector<provider::Guest> guests_of(const store::InterviewBody& body, const store::InterviewPeople& people);

// Of what was asked for: the same again has the same.
std::string digest_of(const store::Interview& interview);

// Whether the organiser, or an interviewer who was invited, declined.
bool is_declined(const store::Interview& interview, const provider::WrittenEvent& event);

// What an error of a call means.
enum class Verdict {
  passing,    // tried again
  final,      // what was asked for can't be
  not_there,  // the event isn't where it was written to
  ours,       // says nothing about the interview: the engine's to react
  refused,    // the token, or the grant
};
Verdict verdict_on(Step step, const Error& error);

// How the ATS is told of it.
struct Told {
  std::string_view type;  // of a problem
  std::string_view detail;
};
Told told_of(Step step, const Error& error);

// When an interview is looked at though nobody says that something changed: while the provider makes its room, and
// where its calendar isn't read. Nothing once it is over.
std::optional<Instant> next_look(const store::Interview& interview, provider::Room room, Instant now);

}  // namespace calint::interviews
