/* The layouts of MHC-1, for the tables of codes that name them. */
#ifndef CODEC_MANHOLE_PROFILE_MHC1_H
#define CODEC_MANHOLE_PROFILE_MHC1_H

#include "codec/manhole/manhole_profile.h"

/* Areas (tables 5 to 8). */
extern const struct layout manhole_mhc1_upload;
extern const struct layout manhole_mhc1_upload_answer;
extern const struct layout manhole_mhc1_control;
extern const struct layout manhole_mhc1_control_answer;
extern const struct layout manhole_mhc1_lock_record;
extern const struct layout manhole_mhc1_threshold;

/* Items of an upload; members of struct manhole_item_value. */
extern const struct layout manhole_mhc1_tilt;
extern const struct layout manhole_mhc1_cover;
extern const struct layout manhole_mhc1_level;
extern const struct layout manhole_mhc1_velocity;
extern const struct layout manhole_mhc1_road;
extern const struct layout manhole_mhc1_turbidity;
extern const struct layout manhole_mhc1_temperature;
extern const struct layout manhole_mhc1_full_scale;
extern const struct layout manhole_mhc1_position;
extern const struct layout manhole_mhc1_series;
extern const struct layout manhole_mhc1_alarm;
extern const struct layout manhole_mhc1_lock_event;
extern const struct layout manhole_mhc1_tag_read;
extern const struct layout manhole_mhc1_firmware;
extern const struct layout manhole_mhc1_iccid;
extern const struct layout manhole_mhc1_cell;
extern const struct layout manhole_mhc1_configuration;
extern const struct layout manhole_mhc1_battery; /* what a battery alarm is about; no item of its own */

/* Parameters of control requests; members of struct manhole_control. */
extern const struct layout manhole_mhc1_set_reporting;
extern const struct layout manhole_mhc1_set_thresholds;
extern const struct layout manhole_mhc1_add_authorisation;
extern const struct layout manhole_mhc1_revoke_authorisations;
extern const struct layout manhole_mhc1_lock_action;
extern const struct layout manhole_mhc1_read_configuration;
extern const struct layout manhole_mhc1_read_records;
extern const struct layout manhole_mhc1_set_clock;
extern const struct layout manhole_mhc1_restart;
extern const struct layout manhole_mhc1_change_key;
extern const struct layout manhole_mhc1_lift_alarm;
extern const struct layout manhole_mhc1_offer_firmware;
extern const struct layout manhole_mhc1_set_server;
extern const struct layout manhole_mhc1_locate;

#endif
