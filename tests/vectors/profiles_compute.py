#!/usr/bin/env python3
"""Computes tests/vectors/manhole/mhc1.json and tests/vectors/hotwater/hw1.json.

The frames of the profiles' worked examples stand here as they were published; all others are built from the fact
sheets' tables by this script alone, with `openssl` on the command line for SM4 and CMAC. Nothing of src/ is used.

usage: profiles_compute.py    (writes both files)
"""
import datetime
import json
import pathlib
import struct
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent
T0 = 0x673E7800  # 2024-11-21 00:00:00 UTC


def openssl(arguments, data):
    return subprocess.run(["openssl"] + arguments, input=data, stdout=subprocess.PIPE, check=True).stdout


def cmac(key, data):
    text = openssl(["mac", "-cipher", "SM4-CBC", "-macopt", "hexkey:" + key.hex(), "CMAC"], data)
    return bytes.fromhex(text.decode().strip())


def cbc(key, initial, data):
    return openssl(["enc", "-sm4-cbc", "-K", key.hex(), "-iv", initial.hex()], data)  # pads by PKCS#7


def ctr(key, block, data):
    return openssl(["enc", "-sm4-ctr", "-K", key.hex(), "-iv", block.hex()], data)


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def clock(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def scaled(value, digits):
    """-8 at one digit is -0.8."""
    if digits == 0:
        return str(value)
    text = str(abs(value)).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + text[:-digits] + "." + text[-digits:]


class Area:
    """Bytes, and what a reader should find in them."""

    def __init__(self):
        self.bytes = b""
        self.fields = []
        self.items = []

    def raw(self, data):
        self.bytes += data
        return self

    def show(self, name, value):
        self.fields.append([name, value])
        return self

    def number(self, form, value, name, digits=0, unit="", quantity=None, time=None, missing=False, words=None):
        self.bytes += struct.pack(">" + form, value)
        text = "" if missing else scaled(value, digits) + (" " + unit if unit else "")
        self.fields.append([name, text] + ([words] if words else []))
        if quantity:
            item = {"quantity": quantity, "value": "" if missing else scaled(value, digits), "unit": unit}
            if time is not None:
                item["time"] = clock(time)
            if missing:
                item["quality"] = "missing"
            self.items.append(item)
        return self

    def time(self, value, name, quantity=None):
        self.bytes += struct.pack(">I", value)
        self.fields.append([name, clock(value)])
        if quantity:
            self.items.append({"quantity": quantity, "value": clock(value), "unit": ""})
        return self

    def flags(self, form, value, name, words="", quantity=None, time=None):
        self.bytes += struct.pack(">" + form, value)
        text = "0x%0*X" % (2 * struct.calcsize(form), value)
        self.fields.append([name, text] + ([words] if words else []))
        if quantity:
            item = {"quantity": quantity, "value": text, "unit": ""}
            if time is not None:
                item["time"] = clock(time)
            self.items.append(item)
        return self

    def octets(self, data, name, quantity=None, time=None):
        self.bytes += data
        self.fields.append([name, data.hex().upper() if quantity else data.hex()])
        if quantity:
            item = {"quantity": quantity, "value": data.hex().upper(), "unit": ""}
            if time is not None:
                item["time"] = clock(time)
            self.items.append(item)
        return self

    def tagged(self, tag, inner):
        self.bytes += bytes([tag, len(inner.bytes)]) + inner.bytes
        self.fields += inner.fields
        self.items += inner.items
        return self

    def then(self, inner):
        self.bytes += inner.bytes
        self.fields += inner.fields
        self.items += inner.items
        return self


# Manhole covers, MHC-1 ------------------------------------------------------------------------------------------

KDEV = bytes(range(16))
ID = bytes.fromhex("0861234567890123")
KINDS = {1: "health report", 2: "timed monitoring", 3: "alarm", 4: "alarm lifted", 5: "position report",
         6: "lock event", 7: "tag read", 8: "start-up"}
COMMANDS = {1: "set reporting", 2: "set thresholds", 3: "add authorisation", 4: "revoke authorisations",
            5: "lock action", 6: "read configuration", 7: "read stored records", 8: "set clock", 9: "restart",
            10: "change key", 11: "lift alarm", 12: "firmware offer", 13: "set server", 14: "locate now"}


def packet(terminal, function, sequence, area, mode=0, slot=0, initial=b"", key=KDEV):
    head = bytes([terminal, function]) + struct.pack(">H", sequence) + bytes([mode << 4 | slot])
    if mode:
        kenc = cmac(key, b"MHC1-ENC" + bytes([slot]))
        kmac = cmac(key, b"MHC1-MAC" + bytes([slot]))
        text = cbc(kenc, initial, area) if mode == 1 else ctr(kenc, initial + bytes(8), area)
        area = initial + text + cmac(kmac, b"\x01" + ID + head + initial + text)[:8]
    body = b"\x01" + ID + head + area
    frame = b"\x4a\x47" + struct.pack(">H", len(body)) + body
    return frame + struct.pack(">H", crc(frame))


def manhole(note, terminal, function, sequence, area, mode=0, slot=0, initial=b"", hexadecimal=None):
    made = packet(terminal, function, sequence, area.bytes, mode, slot, initial)
    if hexadecimal is not None:
        assert made.hex() == hexadecimal, note  # the published frame and the script agree
    entry = {
        "hex": made.hex().upper(),
        "direction": "terminal->platform" if function in (1, 0x82) else "platform->terminal",
        "meaning": {
            "protocol": "DB35/T 1803 (MHC-1)",
            "frame_valid": True,
            "terminal_id": ID.hex(),
            "terminal_type": "%02XH" % terminal,
            "function": "%02XH" % function,
            "sequence": sequence,
            "mode": mode,
            "slot": slot,
            "fields": area.fields,
            "items": area.items,
        },
        "source": "profile MHC-1 worked example" if hexadecimal else "computed by tests/vectors/profiles_compute.py",
        "note": note,
    }
    if mode:
        entry["key"] = KDEV.hex()
    return entry


def head(kind, time, flags=0, words="", battery=86, rsrp=-97, sinr=9, coverage=0):
    area = Area().number("B", kind, "kind", words=KINDS[kind]).time(time, "timestamp")
    area.flags("H", flags, "flags", words, "status", time)
    area.number("B", battery, "battery", unit="%", quantity="battery_level", time=time, missing=battery == 255)
    area.number("h", rsrp, "rsrp", unit="dBm", quantity="signal_rsrp", time=time, missing=rsrp == -32768)
    area.number("b", sinr, "sinr", unit="dB", quantity="signal_snr", time=time, missing=sinr == -128)
    return area.number("B", coverage, "coverage_level", quantity="coverage_level", time=time, missing=coverage == 255)


def tilt(x, y, total, time):
    inner = Area().number("h", x, "tilt_x", 1, "°", "tilt_x", time).number("h", y, "tilt_y", 1, "°", "tilt_y", time)
    return inner.number("H", total, "tilt_total", 1, "°", "tilt", time)


def cover(state, time):
    words = ["closed", "open", "moved but closed", "unknown"][state]
    return Area().number("B", state, "cover", quantity="cover_state", time=time, words=words)


def alarm(code, words, severity, threshold, value, start, digits, unit, quantity):
    inner = Area().number("B", code, "alarm_code", quantity="alarm", time=start, words=words)
    inner.number("B", severity, "severity").number("i", threshold, "threshold", digits, unit)
    return inner.number("i", value, "alarm_value", digits, unit, quantity, start if quantity else None) \
        .time(start, "alarm_start")


def lock_event(event, words, authorisation, opener, holder, reason, reason_words, time):
    inner = Area().number("B", event, "lock_event", quantity="event", time=time, words=words)
    inner.number("I", authorisation, "authorisation_id").octets(opener, "opener_id").number("I", holder, "holder_id")
    return inner.number("B", reason, "reason", words=reason_words).time(time, "event_time")


def control(command, request, expiry=0):
    area = Area().number("B", command, "command", words=COMMANDS[command]).number("I", request, "request_id")
    if expiry:
        return area.time(expiry, "expiry")
    return area.raw(bytes(4)).show("expiry", "")


def manhole_worked():
    published = [
        ("health, battery 87 %, tilt 1.2/-0.8/1.4 degrees, closed",
         "4a470025010861234567890123010100100001673e7800000057ff9f09000106000cfff8000e02010048fe"),
        ("alarm in mode 1: tilt 41.4 degrees, threshold 15.0",
         "4a4700560108612345678901230101001111101112131415161718191a1b1c1d1e1ffa3f015d62e8e554cd19c3b82eec48f063ffe9686b"
         "e5bd98583f6e203bdaec5529340470c1a638a8672dbce8b5a262d3d91280fe301dd163715d"),
        ("its answer: stored, keep connection 20 s, one request pending",
         "4a470017010861234567890123018100110000010014673e7802010f42"),
        ("set reporting: 86400 / 600 / 3600 / 10 / 10 s, request 42",
         "4a4700270108612345678901230102800100010000002a673e8610000151800000025800000e10000a000a494d"),
        ("control answer: done", "4a4700140108612345678901230182800100010000002a0059d9"),
        ("level terminal, battery 9 %, 1830 mm",
         "4a470020010861234567890123020100070001673e7800000109ff9f0900030400000726b5ca"),
        ("position 26.0745 N 119.2965 E, 12 m",
         "4a47002a010861234567890123010100120005673e7800000056ff9f0900100e0f8aa728471b33880c00673e7800e9f9"),
    ]
    health = head(1, T0, battery=87).tagged(1, tilt(12, -8, 14, T0)).tagged(2, cover(0, T0))
    alarmed = head(3, T0, 0x40, "alarm mode active").tagged(1, tilt(412, 35, 414, T0)).tagged(2, cover(1, T0))
    alarmed.tagged(0x12, alarm(1, "tilt", 1, 150, 414, 0x673E77FA, 1, "°", "tilt"))
    answer = Area().number("B", 0, "result", words="stored")
    answer.number("B", 1, "keep_connection", words="keep the connection").number("H", 20, "wait", unit="s")
    answer.time(0x673E7802, "platform_time").number("B", 1, "requests_pending")
    reporting = control(1, 42, 0x673E8610)
    for form, value, name in (("I", 86400, "health_period"), ("I", 600, "sample_period"), ("I", 3600, "upload_period"),
                              ("H", 10, "alarm_sample_period"), ("H", 10, "alarm_upload_period")):
        reporting.number(form, value, name, unit="s")
    done = Area().number("B", 1, "command", words="set reporting").number("I", 42, "request_id")
    done.number("B", 0, "result", words="done")
    level = head(1, T0, 1, "battery at or below 10 %", battery=9)
    level.tagged(3, Area().number("i", 1830, "level", 0, "mm", "water_level", T0))
    place = Area().number("i", 260745000, "latitude", 7, "°", "latitude", T0)
    place.number("i", 1192965000, "longitude", 7, "°", "longitude", T0).number("B", 12, "accuracy", unit="m")
    place.number("B", 0, "datum", words="WGS-84").time(T0, "fix_time")
    position = head(5, T0).tagged(0x10, place)
    plans = [(1, 1, 0x10, health, 0, 0, b""), (1, 1, 0x11, alarmed, 1, 1, bytes(range(16, 32))),
             (1, 0x81, 0x11, answer, 0, 0, b""), (1, 2, 0x8001, reporting, 0, 0, b""),
             (1, 0x82, 0x8001, done, 0, 0, b""), (2, 1, 7, level, 0, 0, b""), (1, 1, 0x12, position, 0, 0, b"")]
    return [manhole(note, *plan, hexadecimal=text) for (note, text), plan in zip(published, plans)]


def manhole_uploads():
    nonce = bytes.fromhex("c0ffee0011223344")
    now = T0 + 86400
    velocity = head(2, now, 0x20, "records overwritten", 55, -118, -3, 2)
    velocity.tagged(4, Area().number("i", -45, "velocity", 0, "mm/s", "velocity", now))
    velocity.tagged(8, Area().number("i", 5000, "sensor_full_scale", 0, "mm/s"))
    velocity.tagged(7, Area().number("h", -15, "temperature", 1, "°C", "temperature", now))
    road = head(4, now, 0, "", 70, -32768, -128, 255)
    road.tagged(5, Area().number("H", 40, "road_water_depth", 0, "mm", "water_depth_road", now))
    road.tagged(0x12, alarm(5, "road water", 2, 150, 40, T0, 0, "mm", "water_depth_road"))
    turbidity = head(2, now, 2, "external power", 255)
    turbidity.tagged(6, Area().number("I", 1234, "turbidity", 2, "NTU", "turbidity", now))
    series = Area().time(T0, "first_time").number("H", 600, "step", unit="s").number("B", 6, "quantity_tag",
                                                                                   words="turbidity").raw(b"\x03")
    for i, value in enumerate((1200, 999, 5)):
        series.number("I", value, "turbidity", 2, "NTU", "turbidity", T0 + 600 * i)
    turbidity.tagged(0x11, series)
    opener = bytes.fromhex("0861234567890999")
    refused = head(6, now, 0x108, "housing opened, bolt not locked")
    refused.tagged(0x13, lock_event(3, "refused", 4097, opener, 77, 4, "outside the daily window", now - 5))
    refused.tagged(0x13, lock_event(4, "forced", 0, opener, 0, 0, "none", now - 1))
    refused.tagged(0x12, alarm(10, "forced lock", 3, 0, 0, now - 1, 0, "", None))
    uid = bytes.fromhex("04a1b2c3d4e5f6")
    tag = head(7, now)
    inner = Area().raw(bytes([len(uid)])).octets(uid, "tag_uid", "card_number", now - 60)
    tag.tagged(0x14, inner.octets(opener, "reader_id").time(now - 60, "read_time"))
    start = head(8, now, 0x90, "clock not set, no position")
    start.raw(b"\x15\x05MC1.4").show("firmware", "MC1.4")
    start.items.append({"quantity": "version", "value": "MC1.4", "unit": "", "time": clock(now)})
    start.tagged(0x16, Area().octets(bytes.fromhex("89860412345678901234"), "iccid"))
    start.tagged(0x17, Area().number("H", 211, "pci").number("I", 2505, "earfcn").number("I", 0x0A1B2C3D,
                                                                                        "cell_identity"))
    start.tagged(0x18, Area().number("I", 42, "configuration_image_id"))
    start.raw(bytes.fromhex("e003010203")).show("unknown_item", "e003010203")
    battery = head(3, now, 0x41, "battery at or below 10 %, alarm mode active", 10)
    battery.tagged(0x12, alarm(7, "battery", 1, 10, 10, now, 0, "%", "battery_level"))
    return [
        manhole("backwards flow, full scale in the terminal's quantity", 3, 1, 0x21, velocity),
        manhole("road water falls below the threshold: lifted; signal unknown", 4, 1, 0x22, road),
        manhole("external power; a stored series of three values", 5, 1, 0x23, turbidity),
        manhole("lock refuses, then is forced; mode 2", 6, 1, 0x24, refused, 2, 15, nonce),
        manhole("tag of seven bytes by a handheld reader; mode 1", 16, 1, 0x25, tag, 1, 3, bytes(16)),
        manhole("start-up with an item that nobody knows", 0x7F, 1, 0x7FFF, start),
        manhole("battery at exactly 10 %: flag and alarm; mode 2", 1, 1, 0x26, battery, 2, 0, nonce[::-1]),
    ]


def manhole_record():
    record = Area().number("I", 0x1001, "authorisation_id")
    record.octets(bytes.fromhex("0861234567890999"), "lock_terminal_id").octets(bytes.fromhex("0000000000004711"),
                                                                               "opener_id")
    record.number("I", 77, "holder_id").time(T0, "not_before").time(T0 + 0x1088, "not_after")
    record.flags("B", 0x7F, "weekday_mask", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
    record.number("H", 0, "daily_start", unit="min").number("H", 1440, "daily_end", unit="min")
    return record.number("B", 4, "uses").flags("B", 3, "actions", "open, close")


def manhole_controls():
    nonce = bytes.fromhex("0102030405060708")
    thresholds = control(2, 1).raw(b"\x02")
    for tag, words, high, low, hysteresis, hold, digits, unit in (
            (1, "tilt", 150, 0, 30, 2, 1, "°"), (3, "level", 2500, -100, 50, 60, 0, "mm")):
        thresholds.number("B", tag, "quantity_tag", words=words).number("i", high, "high", digits, unit)
        thresholds.number("i", low, "low", digits, unit).number("i", hysteresis, "hysteresis", digits, unit)
        thresholds.number("H", hold, "hold_time", unit="s")
    authorisation = control(3, 2, T0 + 600).then(manhole_record())
    revoke = control(4, 3).raw(b"\x02").number("I", 4097, "authorisation_id").number("I", 4098, "authorisation_id")
    action = control(5, 4).number("B", 1, "action", words="open").number("I", 4097, "authorisation_id")
    read = control(6, 5).octets(b"\x01\x02", "parameter_tags")
    records = control(7, 6).time(T0, "from").time(T0 + 3600, "to").number("B", 3, "quantity_tag", words="level")
    set_clock = control(8, 7).time(T0 + 1, "clock")
    restart = control(9, 8).number("B", 1, "restart_mode")
    key = control(10, 9).number("B", 2, "key_slot").octets(bytes(range(48)), "wrapped_key")
    key.octets(b"\xaa\xbb\xcc\xdd", "key_check_value")
    lift = control(11, 10).number("B", 11, "alarm_code", words="cover open while locked")
    lift.number("H", 600, "mute_time", unit="s")
    uri = b"coap://[2001:db8::1]/fw/mc2"
    firmware = control(12, 11).number("I", 123456, "firmware_size").octets(bytes(range(32)), "sm3_digest")
    firmware.raw(uri).show("uri", '"%s"' % uri.decode())
    server = control(13, 12).number("B", 1, "transport").number("H", 5683, "port")
    server.raw(b"iot.example.cn").show("host", '"iot.example.cn"')
    locate = control(14, 13, T0 + 60)
    bad = Area().number("B", 2, "command", words="set thresholds").number("I", 1, "request_id")
    bad.number("B", 3, "result", words="bad parameter").octets(b"\x01", "result_data")
    failed = Area().number("B", 2, "result", words="security failure")
    failed.number("B", 0, "keep_connection", words="disconnect").number("H", 0, "wait", unit="s")
    failed.time(T0 + 3, "platform_time").number("B", 0, "requests_pending")
    return [
        manhole("thresholds of two quantities", 1, 2, 0x8002, thresholds),
        manhole("lock record in mode 1", 6, 2, 0x8003, authorisation, 1, 1, bytes(range(16))),
        manhole("two authorisations revoked; mode 2", 6, 2, 0x8004, revoke, 2, 1, nonce),
        manhole("open the lock; mode 2", 6, 2, 0x8005, action, 2, 2, nonce),
        manhole("read two parameters", 255, 2, 0x8006, read),
        manhole("read stored records", 2, 2, 0x8007, records),
        manhole("set clock", 1, 2, 0x8008, set_clock),
        manhole("restart", 1, 2, 0x8009, restart),
        manhole("change key; mode 1", 1, 2, 0x800A, key, 1, 0, bytes(range(32, 48))),
        manhole("lift alarm", 6, 2, 0x800B, lift),
        manhole("firmware offer", 1, 2, 0x800C, firmware),
        manhole("set server", 1, 2, 0x800D, server),
        manhole("locate now: no parameters", 1, 2, 0xFFFF, locate),
        manhole("control answer: bad parameter, with result data", 1, 0x82, 0x8002, bad),
        manhole("answer to a packet whose tag failed: result 2 in mode 0", 1, 0x81, 0x11, failed),
    ]


def manhole_broken():
    good = packet(1, 1, 0x10, head(1, T0).bytes)
    sealed = packet(1, 1, 0x10, head(1, T0).bytes, 2, 1, bytes(8))
    forged = bytearray(sealed[:-2])
    forged[30] ^= 1
    forged = bytes(forged) + struct.pack(">H", crc(forged))
    version = bytearray(good[:-2])
    version[4] = 2
    version = bytes(version) + struct.pack(">H", crc(version))
    cases = [
        (good[:-1] + bytes([good[-1] ^ 1]), "CRC one bit off: no answer of any kind", "CODEC_ERR_CHECKSUM", None),
        (good[:-3], "cut short", "CODEC_ERR_SHORT", None),
        (good + b"\0", "a byte behind the datagram", "CODEC_ERR_TRAILING", None),
        (good[:2] + b"\x00\x0d" + good[4:], "length 13", "CODEC_ERR_RANGE", None),
        (version, "version 2", "CODEC_ERR_VERSION", None),
        (forged, "one bit of the ciphertext changed, CRC right: the tag is wrong", "CODEC_ERR_KEY", KDEV.hex()),
    ]
    entries = []
    for data, defect, error, key in cases:
        entry = {"hex": data.hex().upper(), "direction": "terminal->platform",
                 "meaning": {"protocol": "DB35/T 1803 (MHC-1)", "frame_valid": False, "defect": defect, "error": error},
                 "source": "computed by tests/vectors/profiles_compute.py", "note": "must be refused"}
        if key:
            entry["key"] = key
        entries.append(entry)
    return entries


# Hot water, HW-1 -----------------------------------------------------------------------------------------------

KG = bytes(range(0xB0, 0xC0))
KREC = bytes(range(0xD0, 0xE0))
METER = bytes.fromhex("440105000123")
USER = 20231001
NAMES = {0x01: "hello", 0x10: "open", 0x11: "close", 0x12: "pause, resume", 0x20: "bind card", 0x21: "unbind card",
         0x30: "read records", 0x31: "confirm records", 0x40: "device management", 0x41: "device monitoring",
         0x50: "set parameters", 0x51: "read parameters", 0x60: "report", 0x61: "instant state"}
PRIVATE = (0x91, 0xB0, 0xC0, 0x60)


def grant_bytes(grant_id=5001, flags=1):
    return METER + struct.pack(">QIIIHHHIHB", USER, grant_id, T0, T0 + 7200, 600, 1200, 10, 2500, 3, flags)


PHONE_NONCE = bytes(range(0x11, 0x19))
METER_NONCE = bytes(range(0x21, 0x29))
KGRANT = cmac(KG, b"HWK1" + grant_bytes())
SESSION = cmac(KGRANT, b"HWS1" + METER + PHONE_NONCE + METER_NONCE)


def hot_frame(flags, counter, command, payload):
    if flags & 2 and command in PRIVATE and payload:
        block = METER + bytes([flags, 0]) + struct.pack(">II", counter, 0)
        payload = ctr(cmac(SESSION, b"HWE1"), block, payload)
    frame = b"HW\x01" + bytes([flags]) + METER + struct.pack(">IBH", counter, command, len(payload)) + payload
    if flags & 2:
        frame += cmac(SESSION, frame)[:8]
    return frame + struct.pack(">H", crc(frame))


def hotwater(note, flags, counter, command, area, hexadecimal=None):
    made = hot_frame(flags, counter, command, area.bytes)
    if hexadecimal is not None:
        assert made.hex() == hexadecimal, note
    entry = {
        "hex": made.hex().upper(),
        "direction": "meter->phone" if flags & 1 else "phone->meter",
        "meaning": {
            "protocol": "HW-1",
            "frame_valid": True,
            "meter_number": METER.hex(),
            "flags": flags,
            "counter": counter,
            "command": "%02XH" % command,
            "command_name": NAMES[command & 0x7F] + (" answer" if command & 0x80 else ""),
            "encrypted": bool(flags & 2 and command in PRIVATE and area.bytes),
            "fields": area.fields,
            "items": area.items,
        },
        "source": "profile HW-1 worked example" if hexadecimal else "computed by tests/vectors/profiles_compute.py",
        "note": note,
    }
    if flags & 2:
        entry["key"] = SESSION.hex()
    return entry


def status(reading, last, valve, words, alarms, alarm_words, volume, unsent, count, options=0):
    area = Area().number("I", reading, "reading", 2, "L", "volume").number("I", last, "last_record_number")
    area.number("B", valve, "valve", quantity="valve", words=words)
    area.flags("B", alarms, "alarm_bits", alarm_words, "error_flags")
    area.number("H", volume, "volume_of_this_use", 2, "L", "volume_use").number("I", unsent, "unsent_records")
    return area.number("I", count, "authorisation_count").number("B", options, "options")


def grant(grant_id=5001, flags=1, words="may pause"):
    area = Area().octets(METER, "meter_number").number("Q", USER, "user_id", quantity="customer_number")
    area.number("I", grant_id, "grant_id").time(T0, "not_before").time(T0 + 7200, "not_after")
    area.number("H", 600, "largest_volume", 1, "L").number("H", 1200, "longest_time", unit="s")
    area.number("H", 10, "advance", 1, "L").number("I", 2500, "credit_limit", 2, "yuan").number("H", 3, "rate_id")
    area.flags("B", flags, "grant_flags", words)
    assert area.bytes == grant_bytes(grant_id, flags)
    return area


def record(number, card, start, end, volume, amount, temperature, reason, words, flags, flag_words, reading):
    end_s = end
    area = Area().number("I", number, "record_number")
    area.number("Q", USER, "user_id", quantity="customer_number", time=end_s)
    area.octets(card, "card_id", "card_number", end_s).time(start, "start", "start_time")
    area.time(end, "end", "end_time").number("H", end - start, "duration", unit="s", quantity="duration", time=end_s)
    area.number("I", volume, "volume_of_the_use", 2, "L", "volume_use", end_s)
    area.number("I", amount, "amount", 2, "yuan", "amount", end_s)
    area.number("h", temperature, "highest_temperature", 1, "°C", "temperature", end_s, missing=temperature == -32768)
    area.number("H", 3, "rate_id").number("B", reason, "end_reason", quantity="event", time=end_s, words=words)
    area.flags("B", flags, "record_flags", flag_words)
    area.number("I", reading, "reading_after_use", 2, "L", "volume", end_s)
    return area.octets(cmac(KREC, b"HWR1" + METER + area.bytes)[:8], "record_tag")


def first_record():
    return record(413, bytes(8), T0, T0 + 300 + 5, 3825, 96, 415, 1, "ended by app", 0, "", 991479)


def worked_record():
    """The published one: the duration is the time that water was open, shorter than start to end."""
    area = Area().number("I", 413, "record_number")
    end = 0x673E7931
    area.number("Q", USER, "user_id", quantity="customer_number", time=end)
    area.octets(bytes(8), "card_id", "card_number", end).time(T0, "start", "start_time").time(end, "end", "end_time")
    area.number("H", 300, "duration", unit="s", quantity="duration", time=end)
    area.number("I", 3825, "volume_of_the_use", 2, "L", "volume_use", end)
    area.number("I", 96, "amount", 2, "yuan", "amount", end)
    area.number("h", 415, "highest_temperature", 1, "°C", "temperature", end).number("H", 3, "rate_id")
    area.number("B", 1, "end_reason", quantity="event", time=end, words="ended by app").flags("B", 0, "record_flags")
    area.number("I", 991479, "reading_after_use", 2, "L", "volume", end)
    area.octets(cmac(KREC, b"HWR1" + METER + area.bytes)[:8], "record_tag")
    assert area.bytes.hex() == ("0000019d000000000134b3590000000000000000673e7800673e7931012c00000ef100000060019f00030100"
                                "000f20f707a7dd2254163d05")
    return area


def binding(number, count, action, words):
    area = Area().number("I", number, "binding_number")
    area.number("Q", USER, "user_id", quantity="customer_number", time=T0 + 9)
    area.octets(bytes.fromhex("0704a1b2c3d4e5f6"), "card_id", "card_number", T0 + 9)
    area.number("I", count, "authorisation_count").time(T0 + 9, "binding_time")
    return area.number("B", action, "binding_action", quantity="event", time=T0 + 9, words=words)


def alarm_record(number, code, words, start, end, count, reading):
    area = Area().number("I", number, "alarm_number").number("B", code, "alarm_code", quantity="alarm", time=start,
                                                            words=words).time(start, "alarm_start")
    if end:
        area.time(end, "alarm_end")
    else:
        area.raw(bytes(4)).show("alarm_end", "")
    return area.number("H", count, "alarm_count").number("I", reading, "reading", 2, "L", "volume", start)


def result(code, words):
    return Area().number("B", code, "result", words=words)


def hotwater_worked():
    hello = Area().octets(PHONE_NONCE, "phone_nonce")
    answer = Area().octets(METER_NONCE, "meter_nonce").then(status(987654, 412, 0, "closed", 0, "", 0, 3, 2))
    opened = result(0, "done").number("I", 5001, "grant_id").number("H", 100, "advance", 2, "L")
    opened.number("I", 987654, "reading", 2, "L", "volume")
    assert KGRANT.hex() == "82936a90bd6fa50b4005d22405f8bebf"
    assert SESSION.hex() == "429bdbe3519282d697818caf876f99b7"
    confirmation = Area().number("I", 413, "last_number")
    confirmation.octets(cmac(KREC, b"HWA1" + METER + struct.pack(">I", 413))[:8], "confirmation_tag")
    assert confirmation.bytes.hex() == "0000019de5f4625db8646ba0"
    return [
        hotwater("hello", 4, 1, 0x01, hello, "485701044401050001230000000101000811121314151617184a73"),
        hotwater("its answer: reading 9876.54 L, last record 412, 3 unsent", 5, 1, 0x81, answer,
                 "485701054401050001230000000181001d2122232425262728000f12060000019c000000000000000300000002002a1b"),
        hotwater("open: 60 L, 1200 s, advance 1.0 L, 25.00 yuan, rate 3", 6, 2, 0x10, grant(),
                 "4857010644010500012300000002100027440105000123000000000134b35900001389673e7800673e9420025804b0000a0000"
                 "09c4000301cb8c6f7c313a33b3ce70"),
        hotwater("its answer: done, advance 1.00 L", 7, 2, 0x90, opened,
                 "485701074401050001230000000290000b00000013890064000f120640bfad1ccaa8242ca2c6"),
        hotwater("close answer with the published record 413, encrypted", 7, 3, 0x91,
                 result(0, "done").then(worked_record())),
        hotwater("the published confirmation of 413", 6, 4, 0x31, confirmation),
    ]


def hotwater_others():
    card = bytes.fromhex("0704a1b2c3d4e5f6")
    card_use = record(414, card, T0 + 1000, T0 + 1090, 30, 5, -32768, 3, "card removed", 5,
                      "by card, clock uncertain", 991509)
    bind = Area().octets(METER, "meter_number").number("Q", USER, "user_id", quantity="customer_number")
    bind.octets(card, "card_id", "card_number").number("I", 5002, "grant_id").time(T0 + 86400, "not_after")
    management = Area().octets(METER, "meter_number").raw(b"\x06").show("firmware", "HW-2.1").raw(b"HW-2.1")
    management.items.append({"quantity": "version", "value": "HW-2.1", "unit": ""})
    management.then(binding(3, 1, 1, "bound")).then(binding(4, 2, 2, "unbound"))
    monitoring = Area().number("B", 1, "housing_flag").number("H", 2, "magnet_count").number("H", 3, "alarm_count")
    monitoring.then(alarm_record(8, 3, "magnetic interference", T0, T0 + 60, 1, 991479))
    monitoring.then(alarm_record(9, 4, "housing opened", T0 + 100, 0, 1, 991479))
    parameters = Area().tagged(1, Area().number("H", 900, "longest_use", unit="s"))
    bands = Area().raw(b"\x02")
    for edge, price in ((-32768, 0), (350, 250)):
        bands.number("h", edge, "lower_edge", 1, "°C").number("I", price, "price", 4, "yuan/L")
    parameters.tagged(3, bands).tagged(4, Area().number("B", 45, "no_flow_close", unit="s"))
    read_back = Area().tagged(2, Area().number("H", 600, "largest_use", 1, "L"))
    read_back.tagged(9, Area().number("B", 3, "unsent_limit_per_card"))
    read_back.tagged(10, Area().number("I", 86400, "report_period", unit="s"))
    full = status(991509, 414, 2, "paused", 0x05, "valve fault, magnetic interference", 1250, 2, 9)
    return [
        hotwater("close", 6, 3, 0x11, Area().number("I", 5001, "grant_id")),
        hotwater("close answer: grant unknown, no record", 7, 3, 0x91, result(0x0E, "not permitted")),
        hotwater("pause", 6, 5, 0x12, Area().number("B", 1, "pause_mode", words="pause")),
        hotwater("pause answer", 7, 5, 0x92, result(0, "done")),
        hotwater("bind card", 6, 6, 0x20, bind),
        hotwater("bind card answer: bound elsewhere", 7, 6, 0xA0,
                 result(0x0A, "card bound elsewhere").number("B", 0, "card_slot")),
        hotwater("unbind card", 6, 7, 0x21, Area().octets(card, "card_id", "card_number")),
        hotwater("unbind card answer: disabled card", 7, 7, 0xA1, result(0x0B, "card disabled (3 unsent records)")),
        hotwater("read records", 6, 8, 0x30, Area().number("I", 413, "first_number").number("B", 2, "count")),
        hotwater("two records, encrypted, relayed by a phone; the second too short for a temperature", 15, 8, 0xB0,
                 Area().raw(b"\x02").then(first_record()).then(card_use)),
        hotwater("confirm answer", 7, 9, 0xB1, result(1, "bad tag")),
        hotwater("device management: no payload", 6, 10, 0x40, Area()),
        hotwater("device management answer, encrypted: two bindings", 7, 10, 0xC0, management),
        hotwater("device monitoring", 6, 11, 0x41, Area()),
        hotwater("device monitoring answer: two alarms, one still on", 7, 11, 0xC1, monitoring),
        hotwater("set parameters with a maintenance grant", 6, 12, 0x50, parameters.then(grant(5003, 4, "maintenance"))),
        hotwater("set parameters answer", 7, 12, 0xD0, result(0x0F, "parameter out of range")),
        hotwater("read parameters", 6, 13, 0x51, Area().octets(b"\x02\x09\x0a", "parameter_tags")),
        hotwater("read parameters answer", 7, 13, 0xD1, read_back),
        hotwater("report of a record over cellular, encrypted", 3, 700, 0x60,
                 Area().number("B", 1, "report_reason", words="record").then(full).then(card_use)),
        hotwater("report of an alarm, plain", 1, 701, 0x60,
                 Area().number("B", 2, "report_reason", words="alarm").then(full)
                 .then(alarm_record(10, 1, "valve fault", T0, 0, 2, 991509))),
        hotwater("instant state", 3, 14, 0x61,
                 Area().number("I", 1250, "volume_of_this_use", 2, "L", "volume_use")
                 .number("H", 815, "flow", 2, "L/min", "volume_flow")
                 .number("h", 402, "temperature", 1, "°C", "temperature")
                 .number("H", 92, "duration", unit="s", quantity="duration")),
    ]


def hotwater_broken():
    good = hot_frame(4, 1, 1, PHONE_NONCE)
    tagged = hot_frame(6, 3, 0x11, struct.pack(">I", 5001))
    forged = bytearray(tagged[:-2])
    forged[20] ^= 1
    forged = bytes(forged) + struct.pack(">H", crc(forged))
    cases = [
        (good[:-1] + bytes([good[-1] ^ 1]), "CRC one bit off", "CODEC_ERR_CHECKSUM", None),
        (good[:-1], "cut short", "CODEC_ERR_SHORT", None),
        (good + b"\0", "a byte too many", "CODEC_ERR_TRAILING", None),
        (good[:2] + b"\x02" + good[3:], "version 2", "CODEC_ERR_VERSION", None),
        (good[:3] + b"\x14" + good[4:], "a reserved flag", "CODEC_ERR_RESERVED", None),
        (good[:15] + b"\x04\x01" + good[17:], "length 1025", "CODEC_ERR_RANGE", None),
        (forged, "grant id changed, CRC right: the tag is wrong", "CODEC_ERR_KEY", SESSION.hex()),
    ]
    entries = []
    for data, defect, error, key in cases:
        entry = {"hex": data.hex().upper(), "direction": "phone->meter",
                 "meaning": {"protocol": "HW-1", "frame_valid": False, "defect": defect, "error": error},
                 "source": "computed by tests/vectors/profiles_compute.py", "note": "must be refused"}
        if key:
            entry["key"] = key
        entries.append(entry)
    return entries


def write(path, entries):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (FOLDER / path).write_text("[\n" + lines + "\n]\n", encoding="utf-8")
    print(path, len(entries), "frames")


if __name__ == "__main__":
    write("manhole/mhc1.json", manhole_worked() + manhole_uploads() + manhole_controls() + manhole_broken())
    write("hotwater/hw1.json", hotwater_worked() + hotwater_others() + hotwater_broken())
