// The answer of slots, as the interface sends it. Pure.
#pragma once

#include <string>

#include "availability/slots.h"

namespace calint::availability {

std::string to_json(const SlotAnswer& answer);

}  // namespace calint::availability
