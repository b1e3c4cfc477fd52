// Who is chosen: people for groups, nobody for two, with the least load in all. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "availability/slot_request.h"

namespace calint::availability {

// A set of people: bit n is the nth.
using PeopleSet = uint64_t;
static_assert(kMostPeople <= 64);

// A group that has to be filled: `required` of `members`, who stand in the order asked, no two alike.
struct Vacancies {
  std::vector<uint8_t> members;
  size_t required;
};

// Who sits in each group, in the groups' order.
using Choice = std::vector<PeopleSet>;

// Chooses for one list of groups, any number of times; quickest where the same people are free but for a few. Not for
// two threads at once.
class Chooser {
 public:
  explicit Chooser(std::vector<Vacancies> groups);  // at most kMostGroups

  // What each of the people adds to the load of a choice. Stays until it is set again.
  void set_loads(std::span<const int> loads);

  // The least load of a complete choice among the people of `free`; nullopt where there is none.
  std::optional<int> least_load(PeopleSet free);

  // Of the complete choices with that load the one whose people stand first: the first group's earliest member that
  // any of them has, and so on, group by group. Empty where there is none.
  Choice choose(PeopleSet free);

 private:
  // Groups that have room once somebody in each on the way moves to the next: with the group before it, none for the
  // first ones.
  struct Reach {
    uint32_t groups = 0;
    std::array<int8_t, kMostGroups> before{};
  };

  bool turn_to(PeopleSet free);
  void take_out(unsigned person);
  void bring_in(unsigned person);
  bool add(unsigned person);
  bool exchange(unsigned person, size_t group);
  PeopleSet movable(size_t from, size_t to) const { return chosen_[from] & members_[to] & ~settled_; }
  Reach reach(uint32_t first) const;
  uint32_t leading_to(size_t group) const;
  size_t shift(const Reach& reach, size_t to);
  bool has_room(size_t group) const;
  PeopleSet seated() const;

  std::vector<Vacancies> groups_;
  std::array<PeopleSet, kMostGroups> members_{};
  std::array<uint32_t, 64> groups_of_{};  // of each of the people: bit n is the nth group
  PeopleSet anybody_ = 0;
  size_t required_ = 0;  // by all groups together
  std::array<int, 64> loads_{};
  std::vector<uint8_t> by_load_;  // the people of all groups, least load first

  // As many as can sit of those who are free, with the least load.
  PeopleSet free_ = 0;
  std::array<PeopleSet, kMostGroups> chosen_{};
  size_t filled_ = 0;      // how many they are
  PeopleSet settled_ = 0;  // who stays where they are, while a choice is made
};

}  // namespace calint::availability
