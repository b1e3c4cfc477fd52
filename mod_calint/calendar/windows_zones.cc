// Names of zones on Windows, and what IANA calls them.
//
// Sources: names and IANA zones are CLDR 42, windowsZones (territory 001), as ICU 72 has them, with IANA's present
// spelling; the cities are those of Windows' own display names. Below them, names of older Windows and Exchange.
#include "calendar/windows_zones.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "calendar/content_line.h"

namespace calint::calendar {
namespace {

struct WindowsZone {
  std::string_view name;    // the registry's key, or empty
  std::string_view cities;  // what stands behind the offset where it is shown, or empty
  std::string_view iana;
};

// clang-format off
constexpr std::array<WindowsZone, 197> kZones = {{
    {"Afghanistan Standard Time", "Kabul", "Asia/Kabul"},
    {"Alaskan Standard Time", "Alaska", "America/Anchorage"},
    {"Aleutian Standard Time", "Aleutian Islands", "America/Adak"},
    {"Altai Standard Time", "Barnaul, Gorno-Altaysk", "Asia/Barnaul"},
    {"Arab Standard Time", "Kuwait, Riyadh", "Asia/Riyadh"},
    {"Arabian Standard Time", "Abu Dhabi, Muscat", "Asia/Dubai"},
    {"Arabic Standard Time", "Baghdad", "Asia/Baghdad"},
    {"Argentina Standard Time", "City of Buenos Aires", "America/Argentina/Buenos_Aires"},
    {"Astrakhan Standard Time", "Astrakhan, Ulyanovsk", "Europe/Astrakhan"},
    {"Atlantic Standard Time", "Atlantic Time (Canada)", "America/Halifax"},
    {"AUS Central Standard Time", "Darwin", "Australia/Darwin"},
    {"Aus Central W. Standard Time", "Eucla", "Australia/Eucla"},
    {"AUS Eastern Standard Time", "Canberra, Melbourne, Sydney", "Australia/Sydney"},
    {"Azerbaijan Standard Time", "Baku", "Asia/Baku"},
    {"Azores Standard Time", "Azores", "Atlantic/Azores"},
    {"Bahia Standard Time", "Salvador", "America/Bahia"},
    {"Bangladesh Standard Time", "Dhaka", "Asia/Dhaka"},
    {"Belarus Standard Time", "Minsk", "Europe/Minsk"},
    {"Bougainville Standard Time", "Bougainville Island", "Pacific/Bougainville"},
    {"Canada Central Standard Time", "Saskatchewan", "America/Regina"},
    {"Cape Verde Standard Time", "Cabo Verde Is.", "Atlantic/Cape_Verde"},
    {"Caucasus Standard Time", "Yerevan", "Asia/Yerevan"},
    {"Cen. Australia Standard Time", "Adelaide", "Australia/Adelaide"},
    {"Central America Standard Time", "Central America", "America/Guatemala"},
    {"Central Asia Standard Time", "Astana", "Asia/Almaty"},
    {"Central Brazilian Standard Time", "Cuiaba", "America/Cuiaba"},
    {"Central Europe Standard Time", "Belgrade, Bratislava, Budapest, Ljubljana, Prague", "Europe/Budapest"},
    {"Central European Standard Time", "Sarajevo, Skopje, Warsaw, Zagreb", "Europe/Warsaw"},
    {"Central Pacific Standard Time", "Solomon Is., New Caledonia", "Pacific/Guadalcanal"},
    {"Central Standard Time", "Central Time (US & Canada)", "America/Chicago"},
    {"Central Standard Time (Mexico)", "Guadalajara, Mexico City, Monterrey", "America/Mexico_City"},
    {"Chatham Islands Standard Time", "Chatham Islands", "Pacific/Chatham"},
    {"China Standard Time", "Beijing, Chongqing, Hong Kong, Urumqi", "Asia/Shanghai"},
    {"Cuba Standard Time", "Havana", "America/Havana"},
    {"Dateline Standard Time", "International Date Line West", "Etc/GMT+12"},
    {"E. Africa Standard Time", "Nairobi", "Africa/Nairobi"},
    {"E. Australia Standard Time", "Brisbane", "Australia/Brisbane"},
    {"E. Europe Standard Time", "Chisinau", "Europe/Chisinau"},
    {"E. South America Standard Time", "Brasilia", "America/Sao_Paulo"},
    {"Easter Island Standard Time", "Easter Island", "Pacific/Easter"},
    {"Eastern Standard Time", "Eastern Time (US & Canada)", "America/New_York"},
    {"Eastern Standard Time (Mexico)", "Chetumal", "America/Cancun"},
    {"Egypt Standard Time", "Cairo", "Africa/Cairo"},
    {"Ekaterinburg Standard Time", "Ekaterinburg", "Asia/Yekaterinburg"},
    {"Fiji Standard Time", "Fiji", "Pacific/Fiji"},
    {"FLE Standard Time", "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", "Europe/Kyiv"},
    {"Georgian Standard Time", "Tbilisi", "Asia/Tbilisi"},
    {"GMT Standard Time", "Dublin, Edinburgh, Lisbon, London", "Europe/London"},
    {"Greenland Standard Time", "Greenland", "America/Nuuk"},
    {"Greenwich Standard Time", "Monrovia, Reykjavik", "Atlantic/Reykjavik"},
    {"GTB Standard Time", "Athens, Bucharest", "Europe/Bucharest"},
    {"Haiti Standard Time", "Haiti", "America/Port-au-Prince"},
    {"Hawaiian Standard Time", "Hawaii", "Pacific/Honolulu"},
    {"India Standard Time", "Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"},
    {"Iran Standard Time", "Tehran", "Asia/Tehran"},
    {"Israel Standard Time", "Jerusalem", "Asia/Jerusalem"},
    {"Jordan Standard Time", "Amman", "Asia/Amman"},
    {"Kaliningrad Standard Time", "Kaliningrad", "Europe/Kaliningrad"},
    {"Korea Standard Time", "Seoul", "Asia/Seoul"},
    {"Libya Standard Time", "Tripoli", "Africa/Tripoli"},
    {"Line Islands Standard Time", "Kiritimati Island", "Pacific/Kiritimati"},
    {"Lord Howe Standard Time", "Lord Howe Island", "Australia/Lord_Howe"},
    {"Magadan Standard Time", "Magadan", "Asia/Magadan"},
    {"Magallanes Standard Time", "Punta Arenas", "America/Punta_Arenas"},
    {"Marquesas Standard Time", "Marquesas Islands", "Pacific/Marquesas"},
    {"Mauritius Standard Time", "Port Louis", "Indian/Mauritius"},
    {"Middle East Standard Time", "Beirut", "Asia/Beirut"},
    {"Montevideo Standard Time", "Montevideo", "America/Montevideo"},
    {"Morocco Standard Time", "Casablanca", "Africa/Casablanca"},
    {"Mountain Standard Time", "Mountain Time (US & Canada)", "America/Denver"},
    {"Mountain Standard Time (Mexico)", "Chihuahua, La Paz, Mazatlan", "America/Chihuahua"},
    {"Myanmar Standard Time", "Yangon (Rangoon)", "Asia/Yangon"},
    {"N. Central Asia Standard Time", "Novosibirsk", "Asia/Novosibirsk"},
    {"Namibia Standard Time", "Windhoek", "Africa/Windhoek"},
    {"Nepal Standard Time", "Kathmandu", "Asia/Kathmandu"},
    {"New Zealand Standard Time", "Auckland, Wellington", "Pacific/Auckland"},
    {"Newfoundland Standard Time", "Newfoundland", "America/St_Johns"},
    {"Norfolk Standard Time", "Norfolk Island", "Pacific/Norfolk"},
    {"North Asia East Standard Time", "Irkutsk", "Asia/Irkutsk"},
    {"North Asia Standard Time", "Krasnoyarsk", "Asia/Krasnoyarsk"},
    {"North Korea Standard Time", "Pyongyang", "Asia/Pyongyang"},
    {"Omsk Standard Time", "Omsk", "Asia/Omsk"},
    {"Pacific SA Standard Time", "Santiago", "America/Santiago"},
    {"Pacific Standard Time", "Pacific Time (US & Canada)", "America/Los_Angeles"},
    {"Pacific Standard Time (Mexico)", "Baja California", "America/Tijuana"},
    {"Pakistan Standard Time", "Islamabad, Karachi", "Asia/Karachi"},
    {"Paraguay Standard Time", "Asuncion", "America/Asuncion"},
    {"Qyzylorda Standard Time", "Qyzylorda", "Asia/Qyzylorda"},
    {"Romance Standard Time", "Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"},
    {"Russia Time Zone 10", "Chokurdakh", "Asia/Srednekolymsk"},
    {"Russia Time Zone 11", "Anadyr, Petropavlovsk-Kamchatsky", "Asia/Kamchatka"},
    {"Russia Time Zone 3", "Izhevsk, Samara", "Europe/Samara"},
    {"Russian Standard Time", "Moscow, St. Petersburg", "Europe/Moscow"},
    {"SA Eastern Standard Time", "Cayenne, Fortaleza", "America/Cayenne"},
    {"SA Pacific Standard Time", "Bogota, Lima, Quito, Rio Branco", "America/Bogota"},
    {"SA Western Standard Time", "Georgetown, La Paz, Manaus, San Juan", "America/La_Paz"},
    {"Saint Pierre Standard Time", "Saint Pierre and Miquelon", "America/Miquelon"},
    {"Sakhalin Standard Time", "Sakhalin", "Asia/Sakhalin"},
    {"Samoa Standard Time", "Samoa", "Pacific/Apia"},
    {"Sao Tome Standard Time", "Sao Tome", "Africa/Sao_Tome"},
    {"Saratov Standard Time", "Saratov", "Europe/Saratov"},
    {"SE Asia Standard Time", "Bangkok, Hanoi, Jakarta", "Asia/Bangkok"},
    {"Singapore Standard Time", "Kuala Lumpur, Singapore", "Asia/Singapore"},
    {"South Africa Standard Time", "Harare, Pretoria", "Africa/Johannesburg"},
    {"South Sudan Standard Time", "Juba", "Africa/Juba"},
    {"Sri Lanka Standard Time", "Sri Jayawardenepura", "Asia/Colombo"},
    {"Sudan Standard Time", "Khartoum", "Africa/Khartoum"},
    {"Syria Standard Time", "Damascus", "Asia/Damascus"},
    {"Taipei Standard Time", "Taipei", "Asia/Taipei"},
    {"Tasmania Standard Time", "Hobart", "Australia/Hobart"},
    {"Tocantins Standard Time", "Araguaina", "America/Araguaina"},
    {"Tokyo Standard Time", "Osaka, Sapporo, Tokyo", "Asia/Tokyo"},
    {"Tomsk Standard Time", "Tomsk", "Asia/Tomsk"},
    {"Tonga Standard Time", "Nuku'alofa", "Pacific/Tongatapu"},
    {"Transbaikal Standard Time", "Chita", "Asia/Chita"},
    {"Turkey Standard Time", "Istanbul", "Europe/Istanbul"},
    {"Turks And Caicos Standard Time", "Turks and Caicos", "America/Grand_Turk"},
    {"Ulaanbaatar Standard Time", "Ulaanbaatar", "Asia/Ulaanbaatar"},
    {"US Eastern Standard Time", "Indiana (East)", "America/Indiana/Indianapolis"},
    {"US Mountain Standard Time", "Arizona", "America/Phoenix"},
    {"UTC", "Coordinated Universal Time", "UTC"},
    {"UTC+12", "Coordinated Universal Time+12", "Etc/GMT-12"},
    {"UTC+13", "Coordinated Universal Time+13", "Etc/GMT-13"},
    {"UTC-02", "Coordinated Universal Time-02", "Etc/GMT+2"},
    {"UTC-08", "Coordinated Universal Time-08", "Etc/GMT+8"},
    {"UTC-09", "Coordinated Universal Time-09", "Etc/GMT+9"},
    {"UTC-11", "Coordinated Universal Time-11", "Etc/GMT+11"},
    {"Venezuela Standard Time", "Caracas", "America/Caracas"},
    {"Vladivostok Standard Time", "Vladivostok", "Asia/Vladivostok"},
    {"Volgograd Standard Time", "Volgograd", "Europe/Volgograd"},
    {"W. Australia Standard Time", "Perth", "Australia/Perth"},
    {"W. Central Africa Standard Time", "West Central Africa", "Africa/Lagos"},
    {"W. Europe Standard Time", "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"},
    {"W. Mongolia Standard Time", "Hovd", "Asia/Hovd"},
    {"West Asia Standard Time", "Ashgabat, Tashkent", "Asia/Tashkent"},
    {"West Bank Standard Time", "Gaza, Hebron", "Asia/Hebron"},
    {"West Pacific Standard Time", "Guam, Port Moresby", "Pacific/Port_Moresby"},
    {"Yakutsk Standard Time", "Yakutsk", "Asia/Yakutsk"},
    {"Yukon Standard Time", "Yukon", "America/Whitehorse"},
    {"Mid-Atlantic Standard Time", "Mid-Atlantic - Old", "Atlantic/South_Georgia"},
    {"Kamchatka Standard Time", "Petropavlovsk-Kamchatsky - Old", "Asia/Kamchatka"},
    {"Armenian Standard Time", "", "Asia/Yerevan"},
    {"Mexico Standard Time", "", "America/Mexico_City"},
    {"Mexico Standard Time 2", "", "America/Chihuahua"},
    {"Jerusalem Standard Time", "", "Asia/Jerusalem"},
    {"Malay Peninsula Standard Time", "", "Asia/Singapore"},
    {"Cabo Verde Standard Time", "Cape Verde Is.", "Atlantic/Cape_Verde"},
    {"Novosibirsk Standard Time", "Almaty, Novosibirsk", "Asia/Novosibirsk"},
    {"West Bank Gaza Standard Time", "", "Asia/Hebron"},
    {"Russia TZ 1 Standard Time", "", "Europe/Kaliningrad"},
    {"Russia TZ 2 Standard Time", "Moscow, St. Petersburg, Volgograd", "Europe/Moscow"},
    {"Russia TZ 3 Standard Time", "", "Europe/Samara"},
    {"Russia TZ 4 Standard Time", "", "Asia/Yekaterinburg"},
    {"Russia TZ 5 Standard Time", "", "Asia/Novosibirsk"},
    {"Russia TZ 6 Standard Time", "", "Asia/Krasnoyarsk"},
    {"Russia TZ 7 Standard Time", "", "Asia/Irkutsk"},
    {"Russia TZ 8 Standard Time", "", "Asia/Yakutsk"},
    {"Russia TZ 9 Standard Time", "Vladivostok, Magadan", "Asia/Vladivostok"},
    {"Russia TZ 10 Standard Time", "", "Asia/Srednekolymsk"},
    {"Russia TZ 11 Standard Time", "", "Asia/Kamchatka"},
    {"", "Tijuana, Baja California", "America/Tijuana"},
    {"", "Pacific Time (US & Canada); Tijuana", "America/Los_Angeles"},
    {"", "Pacific Time", "America/Los_Angeles"},
    {"", "Mountain Time", "America/Denver"},
    {"", "Central Time", "America/Chicago"},
    {"", "Eastern Time", "America/New_York"},
    {"", "Atlantic Time", "America/Halifax"},
    {"", "La Paz, Mazatlan", "America/Mazatlan"},
    {"", "Bogota, Lima, Quito", "America/Bogota"},
    {"", "Caracas, La Paz", "America/La_Paz"},
    {"", "Manaus", "America/Manaus"},
    {"", "Buenos Aires, Georgetown", "America/Cayenne"},
    {"", "Buenos Aires", "America/Argentina/Buenos_Aires"},
    {"", "Midway Island, Samoa", "Pacific/Pago_Pago"},
    {"", "Greenwich Mean Time: Dublin, Edinburgh, Lisbon, London", "Europe/London"},
    {"", "Casablanca, Monrovia, Reykjavik", "Africa/Casablanca"},
    {"", "Casablanca, Monrovia", "Africa/Casablanca"},
    {"", "Amsterdam, Berlin, Rome, Stockholm, Vienna", "Europe/Berlin"},
    {"", "Athens, Bucharest, Istanbul", "Europe/Athens"},
    {"", "Athens, Istanbul, Minsk", "Europe/Athens"},
    {"", "Bucharest", "Europe/Bucharest"},
    {"", "E. Europe", "Europe/Chisinau"},
    {"", "Helsinki, Riga, Tallinn", "Europe/Helsinki"},
    {"", "Moscow, St. Petersburg, Volgograd, Minsk", "Europe/Moscow"},
    {"", "Baku, Tbilisi, Yerevan", "Asia/Yerevan"},
    {"", "Islamabad, Karachi, Tashkent", "Asia/Tashkent"},
    {"", "Calcutta, Chennai, Mumbai, New Delhi", "Asia/Kolkata"},
    {"", "Astana, Dhaka", "Asia/Dhaka"},
    {"", "Nur-Sultan", "Asia/Almaty"},
    {"", "Rangoon", "Asia/Yangon"},
    {"", "Bishkek", "Asia/Bishkek"},
    {"", "Beijing, Chongqing, Hong Kong SAR, Urumqi", "Asia/Shanghai"},
    {"", "Irkutsk, Ulaan Bataar", "Asia/Irkutsk"},
    {"", "Magadan, Solomon Is., New Caledonia", "Pacific/Guadalcanal"},
    {"", "Fiji, Kamchatka, Marshall Is.", "Pacific/Fiji"},
    {"", "Fiji, Marshall Is.", "Pacific/Fiji"},
    {"", "Sarajevo, Skopje, Sofija, Vilnius, Warsaw, Zagreb", "Europe/Warsaw"},
}};
// clang-format on

// Letters and digits in lower case: writers differ in all else.
std::string bare(std::string_view text) {
  std::string kept = lower_case(text);
  std::erase_if(kept, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '+'; });
  return kept;
}

// "Eastern Daylight Time" is the zone "Eastern Standard Time".
std::string standard(std::string name) {
  for (std::string_view part : {"daylighttime", "summertime"}) {
    const size_t place = name.find(part);
    if (place != std::string::npos) name.replace(place, part.size(), "standardtime");
  }
  return name;
}

// Without "(UTC+01:00) " before it and " (RTZ 2)" behind it.
std::string_view without_offset(std::string_view name) {
  if (name.starts_with('(')) name.remove_prefix(std::min(name.find(')') + 1, name.size()));
  return name.substr(0, name.find("(RTZ"));
}

}  // namespace

std::string_view windows_zone(std::string_view name) {
  // Both kinds of names, bare, in order; made once.
  using Entry = std::pair<std::string, std::string_view>;
  static const std::vector<Entry>* const entries = [] {
    auto* made = new std::vector<Entry>;
    for (const WindowsZone& zone : kZones) {
      if (!zone.name.empty()) made->emplace_back(bare(zone.name), zone.iana);
      if (!zone.cities.empty()) made->emplace_back(bare(zone.cities), zone.iana);
    }
    std::sort(made->begin(), made->end());
    return made;
  }();
  for (const std::string& key : {standard(bare(name)), bare(without_offset(name))}) {
    const auto found = std::lower_bound(entries->begin(), entries->end(), Entry(key, ""));
    if (found != entries->end() && found->first == key) return found->second;
  }
  return {};
}

}  // namespace calint::calendar
