#include "apps/meterworks/gate_secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cipher.h"
#include "base/hex.h"
#include "security/key_holder.h"

#define LINE_LIMIT 256

_Static_assert(TLS_CHANNEL_KEY_SIZE == KEY_HOLDER_PSK_SIZE, "a derived key is a pre-shared key");
_Static_assert(GATE_NAME_LIMIT <= TLS_CHANNEL_IDENTITY_LIMIT, "a name is an identity");

static const char *const role_names[] = { [LINK_ROLE_GATE] = "gate", [LINK_ROLE_API] = "api" };

static bool is_of_name(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_' || byte == '.';
}

bool gate_name_is_good(struct span name)
{
    if (name.size == 0 || name.size >= GATE_NAME_LIMIT)
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!is_of_name(name.bytes[i]))
            return false;
    return true;
}

int gate_secret_make(const struct key_holder *keys, enum link_role role, struct span name,
                     uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    char purpose[GATE_NAME_LIMIT + 16];

    if (!gate_name_is_good(name))
        return -1;
    (void)snprintf(purpose, sizeof purpose, "%s link %.*s", role_names[role], (int)name.size, (const char *)name.bytes);
    return key_holder_purpose_key(keys, span_of_text(purpose), key) < 0 ? -1 : 0;
}

bool gate_secret_is_refused(const char *folder, enum link_role role, struct span name)
{
    char path[4096 + 16];
    char line[LINE_LIMIT];
    bool refused = false;

    (void)snprintf(path, sizeof path, "%s/%ss.refused", folder, role_names[role]);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno != ENOENT;
    while (!refused && fgets(line, sizeof line, file) != NULL)
        refused = span_equal(span_of_bytes(line, strcspn(line, " \t\r\n")), name);
    refused |= ferror(file) != 0;
    fclose(file);
    return refused;
}

/* returns  0; -1 when the line is not NAME KEY */
static int line_read(const char *line, char name[GATE_NAME_LIMIT], uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    size_t name_size = strcspn(line, " ");
    const char *digits = line + name_size + strspn(line + name_size, " ");
    struct span hex = span_of_bytes(digits, strcspn(digits, " \r\n"));

    if (!gate_name_is_good(span_of_bytes(line, name_size)) || hex.size != (size_t)2 * TLS_CHANNEL_KEY_SIZE ||
        hex_decode(hex, key, TLS_CHANNEL_KEY_SIZE) != TLS_CHANNEL_KEY_SIZE)
        return -1;
    memcpy(name, line, name_size);
    name[name_size] = '\0';
    return 0;
}

int gate_secret_read(const char *path, char name[GATE_NAME_LIMIT], uint8_t key[TLS_CHANNEL_KEY_SIZE], char problem[256])
{
    char line[LINE_LIMIT] = "";
    struct stat status;
    FILE *file = fopen(path, "re");
    int result = -1;

    if (file == NULL) {
        (void)snprintf(problem, 256, "%.120s: %s", path, strerror(errno));
        return -1;
    }
    if (fstat(fileno(file), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)snprintf(problem, 256, "%.120s: others may read it; chmod 600", path);
    else if (fgets(line, sizeof line, file) == NULL || line_read(line, name, key) < 0)
        (void)snprintf(problem, 256, "%.120s: not a file of meterworks gate-key or api-key", path);
    else
        result = 0;
    fclose(file);
    cipher_wipe(line, sizeof line);
    return result;
}
