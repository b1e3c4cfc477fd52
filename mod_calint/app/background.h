// Which background work there is.
#pragma once

#include <span>

#include "jobs/chore.h"
#include "jobs/kind.h"

namespace calint::app {

std::span<const jobs::Kind* const> kinds();
std::span<const jobs::Chore* const> chores();

}  // namespace calint::app
