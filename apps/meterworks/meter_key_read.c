#include "apps/meterworks/meter_key_read.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "security/cipher_openssl.h"

int meter_key_read(const char *command, const char *text, struct meter_key *out)
{
    char line[2 * CIPHER_BLOCK_SIZE + 8] = "";
    struct meter_key key = { .cipher = cipher_openssl() };

    if (strcmp(text, "-") == 0) {
        (void)!fgets(line, sizeof line, stdin);
        line[strcspn(line, "\r\n")] = '\0';
        text = line;
    }
    int size = (int)hex_decode(span_of_text(text), key.bytes, sizeof key.bytes);
    cipher_wipe(line, sizeof line);
    if (size != CIPHER_BLOCK_SIZE) {
        fprintf(stderr, "meterworks %s: a recharge key is 32 hexadecimal digits\n", command);
        return -1;
    }
    *out = key;
    return 0;
}
