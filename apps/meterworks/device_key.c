/* meterworks device-key: the DTLS key of a device, to be written into it at the factory or on site. */
#include "apps/meterworks/subcommands.h"

#include <stdio.h>

#include "apps/meterworks/options.h"
#include "security/key_holder.h"
#include "security/security_error.h"

static int imei_read(const char *text, uint64_t *imei)
{
    struct span identity = span_of_text(text);
    return key_holder_identity_parse(identity, imei);
}

int device_key_run(int argument_count, char **arguments)
{
    const char *data = NULL;
    const struct option table[] = {
        { "data", OPTION_TEXT, &data, 0, 0, "DIR", "data folder with the master key" },
    };
    int read = options_read(table, 1, argument_count, arguments);
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    uint64_t imei = 0;
    int result;

    if (read == -2)
        return 0;
    if (read < 0 || data == NULL || read != argument_count - 1 || imei_read(arguments[read], &imei) < 0) {
        fprintf(stderr, "usage: meterworks device-key --data DIR IMEI    (15 digits)\n");
        return 2;
    }
    result = key_holder_open(data, &source, &keys);
    if (result == 0)
        result = key_holder_device_psk(keys, imei, key);
    key_holder_close(keys);
    if (result < 0) {
        fprintf(stderr, "meterworks device-key: %s/master.key: %s\n", data, security_error_text(result));
        return 1;
    }
    for (size_t i = 0; i < sizeof key; i++)
        printf("%02x", key[i]);
    printf("\n");
    return 0;
}
