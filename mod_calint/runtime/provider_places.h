// How many requests and background calls of a node wait for a provider at once.
#pragma once

#include "base/node_slots.h"

namespace calint {

using ProviderPlaces = NodeSlots;

}  // namespace calint
