"""POST /decode: one frame, many lines, streams and keys; answers have the form that openapi.json states."""

import json
import pathlib
import unittest

from installation import Installation

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
RECHARGE = "42021234abcdb533333432340130013610ff303d2737272c313d273530303027"
ELECTRICITY = "6861010000000068910833333433593333338a16"
GAS = "2E4493157856341233037A2A0020255923C95AAA26D1B2E7493B013EC4A6F6D3529B520EDFF0EA6DEFC99D6D69EBF3"
GAS_KEY = "0102030405060708090a0b0c0d0e0f11"  # printed with the telegram in OMS volume 2, annex N
KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


class ApiDecodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Installation().start()
        cls.house.sign_in()
        cls.description = cls.house.call("GET", "/openapi.json", expect=200)
        cls.schemas = cls.description["components"]["schemas"]

    @classmethod
    def tearDownClass(cls):
        cls.house.close()

    def decode(self, expect=200, **members):
        return self.house.call("POST", "/decode", members, expect=expect)

    def form_check(self, value, schema, path="answer"):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        self.assertIn(type(value), [TYPES[name] for name in types], path)
        if isinstance(value, list):
            for index, part in enumerate(value):
                self.form_check(part, schema["items"], f"{path}[{index}]")
        if isinstance(value, dict):
            self.assertEqual(set(schema["required"]) - set(value), set(), path)
            for name, part in value.items():
                self.assertIn(name, schema["properties"], path)
                self.form_check(part, schema["properties"][name], f"{path}.{name}")

    def test_one_frame_is_one_object(self):
        frame = self.decode(hex=RECHARGE)
        self.form_check(frame, {"$ref": "DecodedFrame"})
        self.assertEqual((frame["protocol"], frame["valid"], frame["bytes"]), ("coap", True, RECHARGE))
        self.assertNotIn("line", frame)

    def test_the_language_is_the_callers_or_the_one_asked_for(self):
        names = {language: [field["name"] for field in self.decode(hex=RECHARGE, language=language)["fields"]]
                 for language in ("en", "zh")}
        self.assertIn("message ID", names["en"])
        self.assertIn("报文号", names["zh"])

    def test_lines_are_frames_and_a_wrong_line_hides_none(self):
        answer = self.decode(text=f"10:15:30 TX: {RECHARGE}\n\nzz\n6000eff6 # an answer\n", language="en")
        self.form_check(answer, {"$ref": "DecodedList"})
        self.assertEqual([(frame["line"], frame["valid"]) for frame in answer["frames"]],
                         [(1, True), (3, False), (4, True)])
        self.assertEqual(answer["frames"][1]["error"], "bytes break the format")

    def test_a_frame_broken_into_lines_is_one_frame(self):
        for frame in (ELECTRICITY, GAS.lower()):
            answer = self.decode(text=f"{frame[:16]}\n{frame[16:]}")
            self.assertEqual([each["bytes"] for each in answer["frames"]], [frame])

    def test_frames_one_a_line_stay_apart(self):
        for lines, valid in (([ELECTRICITY, ELECTRICITY], [True, True]), ([RECHARGE, "40010000f0ff00"], [True, False]),
                             ([ELECTRICITY, ELECTRICITY[:-2] + "17"], [True, False])):
            answer = self.decode(text="\n".join(lines))
            self.assertEqual([each["valid"] for each in answer["frames"]], valid)

    def test_bytes_of_no_frame_are_told(self):
        answer = self.decode(text="00 01 02\n03", stream=True)
        self.form_check(answer, {"$ref": "DecodedList"})
        self.assertEqual((answer["frames"], answer["rest"]), ([], [{"stream_offset": 0, "size": 4, "bytes": "00010203"}]))

    def test_frames_of_a_stream_are_found(self):
        answer = self.decode(text=f"00 {ELECTRICITY}\nffff{ELECTRICITY}", stream=True)
        self.form_check(answer, {"$ref": "DecodedList"})
        self.assertEqual([(frame["stream_offset"], frame["protocol"], frame["address"]) for frame in answer["frames"]],
                         [(1, "dlt645", "000000000161"), (23, "dlt645", "000000000161")])
        self.assertEqual([part["size"] for part in answer["rest"]], [1, 2])

    def test_every_item_has_the_form_that_is_stated(self):
        for protocol in ("dlt645", "cjt188", "q376", "mbus", "wmbus", "manhole", "hotwater"):
            for path in sorted((VECTORS / protocol).glob("*.json")):
                for entry in json.loads(path.read_text(encoding="utf-8"))[::5]:
                    self.form_check(self.decode(hex=entry["hex"]), {"$ref": "DecodedFrame"}, entry["hex"])

    def test_a_key_opens_a_telegram(self):
        closed, opened = self.decode(hex=GAS), self.decode(hex=GAS, key=GAS_KEY)
        self.form_check(opened, {"$ref": "DecodedFrame"})
        self.assertEqual((closed["valid"], closed["items"]), (True, []))
        self.assertIn(("volume", "28504.27", "m3"), [(item["quantity"], item["value"], item["unit"]) for item in opened["items"]])

    def test_damage_is_an_answer_not_an_error(self):
        frame = self.decode(hex="40010000f0ff00", language="en")
        self.form_check(frame, {"$ref": "DecodedFrame"})
        self.assertEqual((frame["valid"], frame["error_offset"]), (False, 4))

    def test_more_frames_than_one_answer_holds(self):
        answer = self.decode(text="6000eff6\n" * 501)
        self.assertEqual((len(answer["frames"]), answer["truncated"]), (500, True))
        self.decode(expect=422, hex="00" * 9000)

    def test_the_key_is_not_in_the_answer_nor_in_the_log(self):
        self.assertNotIn(KEY, str(self.decode(hex=RECHARGE, key=KEY)).lower())
        self.assertNotIn(KEY, str(self.decode(expect=422, hex="zz", key=KEY)).lower())
        self.assertNotIn("xyz" + KEY[3:], str(self.decode(expect=422, hex=RECHARGE, key="xyz" + KEY[3:])))
        self.assertNotIn(KEY[3:], (pathlib.Path(self.house.folder) / "errors").read_text(encoding="utf-8").lower())
        for file in pathlib.Path(self.house.data).rglob("*"):
            self.assertNotIn(KEY[3:].encode(), file.read_bytes().lower() if file.is_file() else b"")

    def test_every_protocol_is_named_and_can_be_chosen(self):
        items = self.house.call("GET", "/decode", expect=200)["items"]
        fields = self.description["paths"]["/decode"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        self.assertLessEqual({item["name"] for item in items}, set(fields["properties"]["protocol"]["enum"]))
        for item in items:
            self.assertEqual(self.decode(hex="00", protocol=item["name"])["protocol"], item["name"])
            self.assertTrue(item["name_zh"] and item["name_en"])


if __name__ == "__main__":
    unittest.main()
