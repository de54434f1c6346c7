/* meterworks gate-key, api-key: the key file of a gate, or of an api, on another machine. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>

#include "apps/meterworks/gate_secret.h"
#include "apps/meterworks/options.h"
#include "base/cipher.h"
#include "security/key_holder.h"
#include "security/security_error.h"

static int key_print(enum link_role role, int argument_count, char **arguments)
{
    const char *data = NULL;
    const struct option table[] = {
        { "data", OPTION_TEXT, &data, 0, 0, "DIR", "data folder with the master key" },
    };
    int read = options_read(table, 1, argument_count, arguments);
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    uint8_t key[TLS_CHANNEL_KEY_SIZE];

    if (read == -2)
        return 0;
    if (read < 0 || data == NULL || read != argument_count - 1 || !gate_name_is_good(span_of_text(arguments[read]))) {
        fprintf(stderr, "usage: meterworks %s --data DIR NAME > NAME.key    (letters, digits, '-', '_', '.')\n", arguments[0]);
        return 2;
    }
    int result = key_holder_open(data, &source, &keys);
    if (result < 0) {
        fprintf(stderr, "meterworks %s: %s/master.key: %s\n", arguments[0], data, security_error_text(result));
        return 1;
    }
    result = gate_secret_make(keys, role, span_of_text(arguments[read]), key);
    key_holder_close(keys);
    if (result < 0) {
        fprintf(stderr, "meterworks %s: the cryptographic library refused\n", arguments[0]);
        return 1;
    }
    printf("%s ", arguments[read]);
    for (size_t i = 0; i < sizeof key; i++)
        printf("%02x", key[i]);
    printf("\n");
    cipher_wipe(key, sizeof key);
    return 0;
}

int gate_key_run(int argument_count, char **arguments)
{
    return key_print(LINK_ROLE_GATE, argument_count, arguments);
}

int api_key_run(int argument_count, char **arguments)
{
    return key_print(LINK_ROLE_API, argument_count, arguments);
}
