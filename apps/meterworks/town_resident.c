#include "apps/meterworks/town_resident.h"

#include <stdio.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/call_batch.h"
#include "security/password.h"

int town_resident_enter(struct town_archive *archive, int64_t now_s, char problem[256])
{
    struct secret_source source = secret_source_system();
    struct core_request head;
    struct call_batch batch;
    char hash[PASSWORD_HASH_LIMIT];

    if (password_hash(span_of_text(TOWN_PASSWORD), &password_cost_default, &source, hash) != 0 ||
        call_batch_open(&batch, archive->core, now_s) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    archive_call_head(&head, archive->tenant_id, archive->root_area_id, now_s);
    struct core_resident *request = &call_batch_add(&batch, CORE_RESIDENT_ISSUE, &head, NULL)->resident;
    request->head.object_id = archive->customer_ids[archive->plan->story];
    (void)snprintf(request->login, sizeof request->login, "%s", TOWN_RESIDENT_LOGIN);
    (void)snprintf(request->password_hash, sizeof request->password_hash, "%s", hash);
    int result = call_batch_send(&batch);
    if (result < 0)
        (void)snprintf(problem, 256, "%s", batch.problem);
    call_batch_close(&batch);
    return result;
}
