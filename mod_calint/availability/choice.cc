#include "availability/choice.h"

#include <algorithm>
#include <bit>

namespace calint::availability {
namespace {

constexpr PeopleSet bit(unsigned person) { return PeopleSet{1} << person; }
constexpr uint32_t group_bit(size_t group) { return uint32_t{1} << group; }

// Calls `use` with each number whose bit is set, least first, until it returns true.
template <typename Bits, typename Use>
bool any_of_bits(Bits bits, Use use) {
  for (; bits != 0; bits &= bits - 1)
    if (use(static_cast<unsigned>(std::countr_zero(bits)))) return true;
  return false;
}

}  // namespace

Chooser::Chooser(std::vector<Vacancies> groups) : groups_(std::move(groups)) {
  for (size_t g = 0; g < groups_.size(); ++g) {
    required_ += groups_[g].required;
    for (const uint8_t person : groups_[g].members) {
      members_[g] |= bit(person);
      groups_of_[person] |= group_bit(g);
    }
    anybody_ |= members_[g];
  }
  any_of_bits(anybody_, [&](unsigned person) {
    by_load_.push_back(static_cast<uint8_t>(person));
    return false;
  });
}

void Chooser::set_loads(std::span<const int> loads) {
  std::copy(loads.begin(), loads.end(), loads_.begin());
  std::sort(by_load_.begin(), by_load_.end(),
            [&](uint8_t a, uint8_t b) { return std::pair(loads_[a], a) < std::pair(loads_[b], b); });
  free_ = 0;
  chosen_.fill(0);
  filled_ = 0;
}

std::optional<int> Chooser::least_load(PeopleSet free) {
  if (!turn_to(free)) return std::nullopt;
  int load = 0;
  any_of_bits(seated(), [&](unsigned person) {
    load += loads_[person];
    return false;
  });
  return load;
}

Choice Chooser::choose(PeopleSet free) {
  if (!turn_to(free)) return {};
  for (size_t g = 0; g < groups_.size(); ++g) {
    size_t found = 0;
    for (const uint8_t person : groups_[g].members) {
      if (found == groups_[g].required) break;
      if ((free_ & ~settled_ & bit(person)) == 0) continue;
      if ((chosen_[g] & bit(person)) == 0 && !exchange(person, g)) continue;
      settled_ |= bit(person);
      ++found;
    }
  }
  settled_ = 0;
  return {chosen_.begin(), chosen_.begin() + groups_.size()};
}

// Sets of people who can sit at once are a matroid, a transversal one: whoever is free is brought in and whoever isn't
// is taken out, one after the other, each time in the way that keeps the load least.
bool Chooser::turn_to(PeopleSet free) {
  free &= anybody_;
  for (size_t g = 0; g < groups_.size(); ++g)
    if (static_cast<size_t>(std::popcount(free & members_[g])) < groups_[g].required) return false;
  any_of_bits(free_ & ~free, [&](unsigned person) {
    take_out(person);
    return false;
  });
  if (const PeopleSet come = free & ~free_; come != 0)
    for (const uint8_t person : by_load_)
      if ((come & bit(person)) != 0) bring_in(person);
  return filled_ == required_;
}

// Whoever has least load of those who can sit instead takes the place.
void Chooser::take_out(unsigned person) {
  free_ &= ~bit(person);
  const PeopleSet seated_before = seated();
  if ((seated_before & bit(person)) == 0) return;
  for (PeopleSet& people : chosen_) people &= ~bit(person);
  const PeopleSet outside = free_ & ~seated_before;
  const bool replaced = std::any_of(by_load_.begin(), by_load_.end(),
                                    [&](uint8_t other) { return (outside & bit(other)) != 0 && add(other); });
  if (!replaced) --filled_;
}

// Where there is no room, they take the place of whoever has most load of those who would have to go.
void Chooser::bring_in(unsigned person) {
  free_ |= bit(person);
  if (filled_ < required_ && add(person)) {
    ++filled_;
    return;
  }
  const Reach reached = reach(groups_of_[person]);
  PeopleSet could_go = 0;
  any_of_bits(reached.groups, [&](unsigned group) {
    could_go |= chosen_[group];
    return false;
  });
  const auto goes = std::find_if(by_load_.rbegin(), by_load_.rend(),
                                 [&](uint8_t other) { return (could_go & bit(other)) != 0; });
  if (goes == by_load_.rend() || loads_[*goes] <= loads_[person]) return;
  for (PeopleSet& people : chosen_) people &= ~bit(*goes);
  add(person);
}

PeopleSet Chooser::seated() const {
  PeopleSet people = 0;
  for (const PeopleSet set : chosen_) people |= set;
  return people;
}

bool Chooser::has_room(size_t group) const {
  return static_cast<size_t>(std::popcount(chosen_[group])) < groups_[group].required;
}

bool Chooser::add(unsigned person) {
  const auto seat = [&](unsigned group) {
    if (!has_room(group)) return false;
    chosen_[group] |= bit(person);
    return true;
  };
  if (any_of_bits(groups_of_[person], seat)) return true;
  const Reach reached = reach(groups_of_[person]);
  return any_of_bits(reached.groups, [&](unsigned group) {
    if (!has_room(group)) return false;
    chosen_[shift(reached, group)] |= bit(person);
    return true;
  });
}

Chooser::Reach Chooser::reach(uint32_t first) const {
  Reach reached{.groups = first};
  reached.before.fill(-1);
  std::array<uint8_t, kMostGroups> queue{};
  size_t end = 0;
  any_of_bits(first, [&](unsigned group) {
    queue[end++] = static_cast<uint8_t>(group);
    return false;
  });
  for (size_t next = 0; next < end; ++next)
    for (size_t to = 0; to < groups_.size(); ++to)
      if ((reached.groups & group_bit(to)) == 0 && movable(queue[next], to) != 0) {
        reached.groups |= group_bit(to);
        reached.before[to] = static_cast<int8_t>(queue[next]);
        queue[end++] = static_cast<uint8_t>(to);
      }
  return reached;
}

// Groups from which somebody can be moved into `group`, by others who move on before them.
uint32_t Chooser::leading_to(size_t group) const {
  uint32_t leading = group_bit(group);
  for (uint32_t before = 0; before != leading;) {
    before = leading;
    for (size_t from = 0; from < groups_.size(); ++from)
      if (any_of_bits(before, [&](unsigned to) { return movable(from, to) != 0; })) leading |= group_bit(from);
  }
  return leading;
}

// One of each group on the way moves to the next, into the room in `to`; returns the group that has room now.
size_t Chooser::shift(const Reach& reach, size_t to) {
  while (reach.before[to] >= 0) {
    const auto from = static_cast<size_t>(reach.before[to]);
    const PeopleSet one = movable(from, to) & (~movable(from, to) + 1);
    chosen_[from] &= ~one;
    chosen_[to] |= one;
    to = from;
  }
  return to;
}

// Brings `person` into `group`, leaving whoever is settled, and the load of all, as they are. The choice has the least
// load, so no exchange can lower it; whatever reaches the wanted choice is a circle of moves that costs nothing, within
// the groups or once through those who aren't chosen.
bool Chooser::exchange(unsigned person, size_t group) {
  const PeopleSet settled_before = settled_;
  settled_ |= bit(person);
  const auto has_person = [&](PeopleSet set) { return (set & bit(person)) != 0; };
  const auto place = std::find_if(chosen_.begin(), chosen_.end(), has_person);
  const Reach reached = reach(group_bit(group));

  // Takes somebody with this load out of a group that is reached, and lets the others move up.
  const auto drop = [&](int load) {
    return any_of_bits(reached.groups, [&](unsigned from) {
      return any_of_bits(chosen_[from] & ~settled_, [&](unsigned other) {
        if (loads_[other] != load) return false;
        chosen_[from] &= ~bit(other);
        shift(reached, from);
        return true;
      });
    });
  };
  const auto take_place = [&] {
    if (place != chosen_.end()) *place &= ~bit(person);
    chosen_[group] |= bit(person);
    return true;
  };

  bool done = false;
  if (place == chosen_.end()) {
    done = drop(loads_[person]) && take_place();
  } else if (const size_t from = place - chosen_.begin(); (reached.groups & group_bit(from)) != 0) {
    *place &= ~bit(person);
    shift(reached, from);
    done = take_place();
  } else {
    const PeopleSet outside = free_ & ~seated();
    const uint32_t leading = leading_to(from);
    done = any_of_bits(outside, [&](unsigned other) {
      return (groups_of_[other] & leading) != 0 && drop(loads_[other]) && take_place() && add(other);
    });
  }
  settled_ = settled_before;
  return done;
}

}  // namespace calint::availability
