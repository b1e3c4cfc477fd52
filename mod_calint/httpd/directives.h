/* The entry points that the module record and the directive table in mod_calint.c name. C and C++ read it. The first
 * three are in config.cc and hooks.cc. */
#ifndef CALINT_HTTPD_DIRECTIVES_H
#define CALINT_HTTPD_DIRECTIVES_H

#ifdef __cplusplus
#include "httpd/apache.h"
extern "C" {
#else
#include <httpd.h>
#include <http_config.h>
#endif

void* calint_create_server_config(apr_pool_t* pool, server_rec* s);
void* calint_merge_server_config(apr_pool_t* pool, void* base, void* own);
void calint_register_hooks(apr_pool_t* pool);

/* In server_directives.cc, and from the section on in provider_directives.cc. Each returns NULL, or what is wrong and
 * what to write instead. */
const char* calint_set_database(cmd_parms* cmd, void* dir, const char* conninfo);
const char* calint_set_database_pool(cmd_parms* cmd, void* dir, const char* max);
const char* calint_set_database_prepare(cmd_parms* cmd, void* dir, const char* mode);
const char* calint_set_database_listen(cmd_parms* cmd, void* dir, const char* conninfo);
const char* calint_set_key_file(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_service_key_file(cmd_parms* cmd, void* dir, const char* path);
const char* calint_set_public_url(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_identity(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_organization(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_state_lifetime(cmd_parms* cmd, void* dir, const char* seconds);
const char* calint_add_return_to(cmd_parms* cmd, void* dir, const char* prefix);
const char* calint_set_sync_window(cmd_parms* cmd, void* dir, const char* past, const char* future);
const char* calint_set_sync_interval(cmd_parms* cmd, void* dir, const char* seconds);
const char* calint_set_stale_after(cmd_parms* cmd, void* dir, const char* seconds);
const char* calint_set_unknown_policy(cmd_parms* cmd, void* dir, const char* policy);
const char* calint_set_refresh_lead(cmd_parms* cmd, void* dir, const char* seconds);
const char* calint_set_expiry_grace(cmd_parms* cmd, void* dir, const char* seconds);
const char* calint_set_provider_timeout(cmd_parms* cmd, void* dir, const char* connect, const char* total);
const char* calint_set_provider_concurrency(cmd_parms* cmd, void* dir, const char* requests);
const char* calint_set_proxy(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_ca_file(cmd_parms* cmd, void* dir, const char* path);
const char* calint_set_template_dir(cmd_parms* cmd, void* dir, const char* path);
const char* calint_add_frame_ancestor(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_worker(cmd_parms* cmd, void* dir, int on);
const char* calint_set_allow_insecure_loopback(cmd_parms* cmd, void* dir, int on);

/* <CalIntProvider name>, and what stands inside it. */
const char* calint_provider_section(cmd_parms* cmd, void* dir, const char* arguments);
const char* calint_set_client_id(cmd_parms* cmd, void* dir, const char* id);
const char* calint_set_client_secret(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_client_certificate(cmd_parms* cmd, void* dir, const char* path);
const char* calint_set_client_key(cmd_parms* cmd, void* dir, const char* source);
const char* calint_set_tenant(cmd_parms* cmd, void* dir, const char* tenant);
const char* calint_set_authorize_url(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_token_url(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_revoke_url(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_api_url(cmd_parms* cmd, void* dir, const char* url);
const char* calint_set_issuer(cmd_parms* cmd, void* dir, const char* issuer);
const char* calint_set_requests_per_minute(cmd_parms* cmd, void* dir, const char* requests);
const char* calint_add_api_host(cmd_parms* cmd, void* dir, const char* host);

#ifdef __cplusplus
}
#endif

#endif
