#include "base/error.h"

namespace calint {

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::bad_input: return "bad_input";
    case Fault::unauthenticated: return "unauthenticated";
    case Fault::forbidden: return "forbidden";
    case Fault::not_found: return "not_found";
    case Fault::denied: return "denied";
    case Fault::reconnect: return "reconnect";
    case Fault::operator_fault: return "operator";
    case Fault::conflict: return "conflict";
    case Fault::resync: return "resync";
    case Fault::gone: return "gone";
    case Fault::rate_limited: return "rate_limited";
    case Fault::too_many: return "too_many";
    case Fault::unavailable: return "unavailable";
    case Fault::in_doubt: return "in_doubt";
    case Fault::corrupt: return "corrupt";
    case Fault::bug: return "bug";
  }
  return "bug";
}

}  // namespace calint
