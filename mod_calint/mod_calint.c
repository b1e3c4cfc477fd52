/* The module record and the table of directives: the only C file, because only C type-checks the setters
 * in a command_rec. Everything else is behind httpd/directives.h. */
#include "httpd/directives.h"

static const command_rec directives[] = {
    AP_INIT_TAKE1("CalIntDatabase", calint_set_database, NULL, RSRC_CONF,
                  "the database: a libpq connection string or URI in quotes, or exec:/path"),
    AP_INIT_TAKE1("CalIntDatabasePool", calint_set_database_pool, NULL, RSRC_CONF,
                  "most database connections per child process"),
    AP_INIT_TAKE1("CalIntDatabasePrepare", calint_set_database_prepare, NULL, RSRC_CONF,
                  "named prepared statements: auto, on or off"),
    AP_INIT_TAKE1("CalIntKeyFile", calint_set_key_file, NULL, RSRC_CONF,
                  "the keyset: a path, exec:/path or credential:NAME"),
    AP_INIT_TAKE1("CalIntPublicURL", calint_set_public_url, NULL, RSRC_CONF,
                  "the address under which browsers reach this site, such as https://ats.example.com"),
    AP_INIT_TAKE1("CalIntIdentity", calint_set_identity, NULL, RSRC_CONF,
                  "where the signed-in login comes from: remote-user, session:KEY or env:NAME"),
    AP_INIT_TAKE1("CalIntOrganization", calint_set_organization, NULL, RSRC_CONF,
                  "where the user's organisation comes from: session:KEY or env:NAME"),
    AP_INIT_RAW_ARGS("<CalIntProvider", calint_provider_section, NULL, RSRC_CONF,
                     "switches a provider on: <CalIntProvider google> ... </CalIntProvider>"),
    AP_INIT_TAKE1("CalIntClientID", calint_set_client_id, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the OAuth client's id"),
    AP_INIT_TAKE1("CalIntClientSecret", calint_set_client_secret, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the client's secret: text, file:/path, exec:/path or credential:NAME"),
    AP_INIT_TAKE1("CalIntAuthorizeURL", calint_set_authorize_url, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the provider's authorization endpoint"),
    AP_INIT_TAKE1("CalIntTokenURL", calint_set_token_url, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the provider's token endpoint"),
    AP_INIT_TAKE1("CalIntRevokeURL", calint_set_revoke_url, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the provider's revocation endpoint"),
    AP_INIT_TAKE1("CalIntApiURL", calint_set_api_url, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: what stands before the documented paths of the provider's API"),
    AP_INIT_TAKE1("CalIntIssuer", calint_set_issuer, NULL, RSRC_CONF,
                  "inside <CalIntProvider>: the issuer that answers must name, or none to not check it"),
    AP_INIT_ITERATE("CalIntApiHosts", calint_add_api_host, NULL, RSRC_CONF,
                    "inside <CalIntProvider>: further hosts that credentials may go to"),
    AP_INIT_TAKE1("CalIntStateLifetime", calint_set_state_lifetime, NULL, RSRC_CONF,
                  "seconds that a started flow stays valid"),
    AP_INIT_ITERATE("CalIntReturnTo", calint_add_return_to, NULL, RSRC_CONF,
                    "path prefixes that return_to may lead to"),
    AP_INIT_TAKE1("CalIntRefreshLead", calint_set_refresh_lead, NULL, RSRC_CONF,
                  "seconds before its expiry at which a token is refreshed"),
    AP_INIT_TAKE1("CalIntExpiryGrace", calint_set_expiry_grace, NULL, RSRC_CONF,
                  "seconds for which a failing refresh is tried again before the connection counts as expired"),
    AP_INIT_TAKE2("CalIntProviderTimeout", calint_set_provider_timeout, NULL, RSRC_CONF,
                  "longest time to connect to a provider and for a whole call, such as: 2 5"),
    AP_INIT_TAKE1("CalIntProviderConcurrency", calint_set_provider_concurrency, NULL, RSRC_CONF,
                  "how many requests of this node may wait for providers at once"),
    AP_INIT_TAKE1("CalIntProxy", calint_set_proxy, NULL, RSRC_CONF,
                  "the proxy for calls to providers, such as http://proxy.example.com:3128"),
    AP_INIT_TAKE1("CalIntCAFile", calint_set_ca_file, NULL, RSRC_CONF,
                  "a PEM file of the authorities trusted for calls to providers"),
    AP_INIT_TAKE1("CalIntTemplateDir", calint_set_template_dir, NULL, RSRC_CONF,
                  "a folder whose files replace the built-in page templates one by one"),
    AP_INIT_ITERATE("CalIntFrameAncestors", calint_add_frame_ancestor, NULL, RSRC_CONF,
                    "who may embed the pages: 'self', 'none' or origins"),
    AP_INIT_FLAG("CalIntAllowInsecureLoopback", calint_set_allow_insecure_loopback, NULL, RSRC_CONF,
                 "on lets CalIntPublicURL and provider URLs be http://127.0.0.1 or http://localhost"),
    {NULL}};

/* Everything is built with hidden visibility; httpd looks this one symbol up. */
__attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA calint_module = {
    STANDARD20_MODULE_STUFF,
    NULL, /* per-directory configuration: none */
    NULL,
    calint_create_server_config,
    calint_merge_server_config,
    directives,
    calint_register_hooks,
#if defined(AP_MODULE_FLAG_NONE)
    AP_MODULE_FLAG_NONE
#endif
};
