"""What a short message must look like on the wire, read from the texts of the standards: CMPP 2.0 (2002) and 3.0, SMPP 3.4
(issue 1.2, 4.4 and 5.2). Every octet is accounted for; `complain` hears of each that is not as it must be."""

import struct

CODINGS = {0: 160, 8: 140, 15: 140}  # octets of one message by Msg_Fmt


def padded(value):
    """A fixed field's text; None when something stands behind its first NUL."""
    text, _, rest = value.partition(b"\0")
    return None if rest.strip(b"\0") else text.decode("ascii", "replace")


class Fields:
    """Takes fields off the front of a body by their size."""

    def __init__(self, body, complain):
        self.body, self.complain, self.values = body, complain, {}

    def take(self, name, size):
        value, self.body = self.body[:size], self.body[size:]
        self.values[name] = value
        if len(value) != size:
            self.complain("%s is cut off" % name)
        return value

    def number(self, name, size, allowed=None):
        value = int.from_bytes(self.take(name, size), "big")
        if allowed is not None and value not in allowed:
            self.complain("%s is %d" % (name, value))
        return value

    def text(self, name, size, allowed=None):
        value = padded(self.take(name, size))
        if value is None or (allowed is not None and not allowed(value)):
            self.complain("%s is %r" % (name, self.values[name]))
        return value or ""

    def string(self, name, limit, allowed=None):
        """A C-octet string: its NUL counts towards the limit."""
        text, ended, self.body = self.body.partition(b"\0")
        if not ended or len(text) >= limit or (allowed is not None and not allowed(text.decode("ascii", "replace"))):
            self.complain("%s is %r" % (name, text))
        return text.decode("ascii", "replace")

    def end(self):
        if self.body:
            self.complain("%d octets too many" % len(self.body))


def concatenation_check(content, is_long, total, number, complain):
    """The user data header of a long message (3GPP TS 23.040, 9.2.3.24.1). returns the words behind it."""
    if not is_long:
        return content
    if content[:3] != b"\5\0\3" or len(content) < 6 or not 1 <= content[5] <= content[4]:
        complain("user data header is %r" % content[:6])
    if total is not None and (content[4], content[5]) != (total, number):
        complain("header says part %d of %d, the frame %d of %d" % (content[5], content[4], number, total))
    return content[6:]


def digits(text):
    return text.isdigit()


def cmpp_submit(body, version, service_provider, complain):
    """CMPP_SUBMIT, 7.4.3.1 of CMPP 2.0 and 8.4.3.1 of 3.0."""
    three = version >= 0x30
    fields = Fields(body, complain)
    fields.number("Msg_Id", 8, (0,))
    total, number = fields.number("Pk_total", 1, range(1, 256)), fields.number("Pk_number", 1, range(1, 256))
    fields.number("Registered_Delivery", 1, (1,))
    fields.number("Msg_level", 1, range(10))
    fields.text("Service_Id", 10)
    user_type = fields.number("Fee_UserType", 1, range(4))
    fields.text("Fee_terminal_Id", 32 if three else 21, lambda text: (text == "") == (user_type != 3))
    if three:
        fields.number("Fee_terminal_type", 1, (0, 1))
    fields.number("TP_pId", 1, (0,))
    is_long = fields.number("TP_udhi", 1, (0, 1))
    coding = fields.number("Msg_Fmt", 1, CODINGS)
    fields.text("Msg_src", 6, lambda text: text == service_provider)
    fields.text("FeeType", 2, lambda text: text in ("01", "02", "03", "04", "05"))
    fields.text("FeeCode", 6, digits)
    for name in ("ValId_Time", "At_Time"):
        fields.text(name, 17, lambda text: len(text) in (0, 16))
    fields.text("Src_Id", 21, digits)
    fields.number("DestUsr_tl", 1, (1,))
    to = fields.text("Dest_terminal_Id", 32 if three else 21, digits)
    if three:
        fields.number("Dest_terminal_type", 1, (0,))
    content = fields.take("Msg_Content", fields.number("Msg_Length", 1, range(1, CODINGS.get(coding, 140) + 1)))
    fields.take("LinkID" if three else "Reserve", 20 if three else 8)
    fields.end()
    if is_long != (total > 1) or number > total:
        complain("part %d of %d with TP_udhi %d" % (number, total, is_long))
    concatenation_check(content, is_long, total, number, complain)
    return {"to": to, "coding": coding, "is_long": is_long, "content": content}


def smpp_bind(body, complain):
    """bind_transceiver, 4.1.5."""
    fields = Fields(body, complain)
    login = fields.string("system_id", 16), fields.string("password", 9)
    fields.string("system_type", 13)
    fields.number("interface_version", 1, (0x34,))
    fields.number("addr_ton", 1, range(7))
    fields.number("addr_npi", 1)
    fields.string("address_range", 41)
    fields.end()
    return login


def smpp_submit(body, complain):
    """submit_sm, 4.4.1."""
    fields = Fields(body, complain)
    fields.string("service_type", 6)
    addresses = []
    for name in ("source", "dest"):
        ton = fields.number(name + "_addr_ton", 1, range(7))
        fields.number(name + "_addr_npi", 1, (0, 1))
        addresses.append(fields.string(name + "_addr", 21, lambda text, ton=ton: 0 < len(text) <= (11 if ton == 5 else 20)
                                       and (ton == 5 or digits(text))))
    is_long = fields.number("esm_class", 1, (0, 0x40)) != 0
    fields.number("protocol_id", 1, (0,))
    fields.number("priority_flag", 1, range(4))
    for name in ("schedule_delivery_time", "validity_period"):
        fields.string(name, 17, lambda text: len(text) in (0, 16))
    fields.number("registered_delivery", 1, (1,))
    fields.number("replace_if_present_flag", 1, (0,))
    coding = fields.number("data_coding", 1, (0, 8))
    fields.number("sm_default_msg_id", 1, (0,))
    content = fields.take("short_message", fields.number("sm_length", 1, range(1, 161 if coding == 0 else 141)))
    fields.end()
    concatenation_check(content, is_long, None, None, complain)
    return {"source": addresses[0], "to": addresses[1], "coding": coding, "is_long": is_long, "content": content}


def cmpp_deliver_resp(body, version, number, complain):
    """CMPP_DELIVER_RESP: the Msg_Id of what was delivered, and a result of one octet or, in 3.0, four."""
    if body != number + struct.pack(">I" if version >= 0x30 else ">B", 0):
        complain("deliver_resp is %s" % body.hex())
