// Which hook calls what, and in which order relative to other modules.
#include "httpd/callback_query.h"
#include "httpd/check_config.h"
#include "httpd/directives.h"
#include "httpd/guard.h"
#include "httpd/node_shares.h"
#include "httpd/routes.h"
#include "httpd/startup.h"
#include "httpd/translate.h"

void calint_register_hooks(apr_pool_t*) {
  using namespace calint::httpd;
  // mod_log_forensic writes the request down in the same hook.
  static const char* const before_forensic[] = {"mod_log_forensic.c", nullptr};

  ap_hook_check_config(guarded<check_config>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_post_config(guarded<load_configuration>, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_child_init(start_child, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_child_status(child_changed, nullptr, nullptr, APR_HOOK_MIDDLE);

  ap_hook_post_read_request(guarded<take_callback_query>, nullptr, before_forensic, APR_HOOK_REALLY_FIRST);
  ap_hook_insert_error_filter(hide_callback_query, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_pre_translate_name(guarded<claim>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_translate_name(guarded<claim>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_map_to_storage(guarded<map_to_handler>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_type_checker(guarded<skip_type_checkers>, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_handler(guarded<handle>, nullptr, nullptr, APR_HOOK_MIDDLE);
}
