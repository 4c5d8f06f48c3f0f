//! Models, and the pictures they make.

use expect_test::expect;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, Latent, NetKind, PICTURE_PIXELS, Recipe, Sampling, Sheet,
    Solver,
};

use crate::talk::{Talk, pictures, trained};
use lampwork_tests::{data, recipes};

/// A sheet of a model that is ready.
pub(crate) fn sheet(
    talk: &mut Talk,
    name: &str,
    net: &lampwork_protocol::RunRecipe,
    count: u32,
) -> Sheet {
    let (bytes, card) = trained(net, name);
    let info = talk.load(&bytes, Some(card));
    Sheet {
        model: name.to_owned(),
        weights: info.weights,
        seed: 5,
        class: None,
        temperature: 1.0,
        count,
        words: None,
        sampling: None,
    }
}

#[test]
fn a_sheet_comes_in_pieces_in_order_and_says_when_it_is_done() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::gan(NetKind::Conv), 40);
    talk.command(Command::Make {
        recipes: sheet.recipes(),
    });
    talk.command(Command::Make { recipes: vec![] });
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 pictures 0..16 [16x28x28]
        #2 pictures 16..32 [16x28x28]
        #2 pictures 32..40, done [8x28x28]
        #3 pictures 0..0, done [0x28x28]
    "#]]);
}

#[test]
fn the_same_recipe_gives_the_same_picture_alone_or_in_a_sheet_and_in_another_studio() {
    for net in [
        recipes::gan(NetKind::Mlp),
        recipes::gan(NetKind::Conv),
        recipes::vae(NetKind::Mlp, 10),
        recipes::vae(NetKind::Conv, 10),
        recipes::flow(),
    ] {
        let mut talk = Talk::new();
        let sheet = sheet(&mut talk, "tiny", &net, 20);
        let made = pictures(&talk.command(Command::Make {
            recipes: sheet.recipes(),
        }));
        assert_eq!(made.len(), 20 * PICTURE_PIXELS);
        let (bytes, card) = trained(&net, "tiny");
        let mut other = Talk::new();
        other.load(&bytes, Some(card));
        for index in [0, 7, 19] {
            let recipes = vec![sheet.recipe(index)];
            let alone = pictures(&other.command(Command::Make { recipes }));
            let from = index as usize * PICTURE_PIXELS;
            let apart = alone
                .iter()
                .zip(&made[from..from + PICTURE_PIXELS])
                .map(|(a, b)| a.abs_diff(*b))
                .max();
            assert!(apart <= Some(1), "{apart:?} grey levels apart");
        }
        let first = &made[..PICTURE_PIXELS];
        assert!(
            first.iter().any(|pixel| *pixel != first[0]),
            "a blank picture"
        );
        assert_ne!(
            first,
            &made[PICTURE_PIXELS..2 * PICTURE_PIXELS],
            "a sheet of copies"
        );
    }
}

#[test]
fn seed_class_and_temperature_each_change_the_picture() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::gan(NetKind::Mlp), 1);
    let mut make = |sheet: Sheet| {
        pictures(&talk.command(Command::Make {
            recipes: sheet.recipes(),
        }))
    };
    let plain = make(Sheet {
        class: Some(1),
        ..sheet.clone()
    });
    for other in [
        Sheet {
            class: Some(1),
            seed: 6,
            ..sheet.clone()
        },
        Sheet {
            class: Some(2),
            ..sheet.clone()
        },
        Sheet {
            class: Some(1),
            temperature: 0.3,
            ..sheet.clone()
        },
    ] {
        assert_ne!(make(other), plain);
    }
}

#[test]
fn points_are_blended_varied_and_added_up() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::gan(NetKind::Mlp), 3);
    let [a, b, c] = [0, 1, 2].map(|index| Box::new(sheet.recipe(index).latent));
    let mut make = |latent: Latent| {
        let recipe = Recipe {
            latent,
            ..sheet.recipe(0)
        };
        pictures(&talk.command(Command::Make {
            recipes: vec![recipe],
        }))
    };
    let plain = make((*a).clone());
    let blend = |t| Latent::Blend {
        a: a.clone(),
        b: b.clone(),
        t,
    };
    let near = |amount| Latent::Near {
        of: a.clone(),
        seed: 1,
        index: 0,
        amount,
    };
    let sum = |minus: &Latent, plus: &Latent| Latent::Arithmetic {
        a: a.clone(),
        minus: Box::new(minus.clone()),
        plus: Box::new(plus.clone()),
    };
    for same in [blend(0.0), near(0.0), sum(&c, &c)] {
        let apart = make(same)
            .iter()
            .zip(&plain)
            .map(|(x, y)| x.abs_diff(*y))
            .max();
        assert!(apart <= Some(1), "{apart:?} grey levels apart");
    }
    assert_eq!(make(blend(1.0)), make((*b).clone()));
    for other in [blend(0.5), near(0.5), sum(&b, &c)] {
        assert_ne!(make(other), plain);
    }
}

#[test]
fn what_cannot_be_made_says_why() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::gan(NetKind::Mlp), 2);
    let other = Sheet {
        weights: [0; 8],
        ..sheet.clone()
    };
    let unknown = Sheet {
        model: "cherubim".to_owned(),
        ..sheet.clone()
    };
    let no_class = Sheet {
        class: Some(10),
        ..sheet.clone()
    };
    let too_many = Sheet {
        count: 4097,
        ..sheet.clone()
    };
    for sheet in [&other, &unknown, &no_class, &too_many] {
        talk.command(Command::Make {
            recipes: sheet.recipes(),
        });
    }
    let mixed = vec![
        sheet.recipe(0),
        Recipe {
            model: "other".to_owned(),
            ..sheet.recipe(1)
        },
    ];
    talk.command(Command::Make { recipes: mixed });
    for latent in [
        Latent::At {
            z: vec![0.0; 3],
            class: Some(1),
        },
        Latent::At {
            z: vec![f32::NAN; 4],
            class: Some(1),
        },
        Latent::At {
            z: vec![0.0; 4],
            class: None,
        },
    ] {
        talk.command(Command::Make {
            recipes: vec![Recipe {
                latent,
                ..sheet.recipe(0)
            }],
        });
    }
    // And the studio still works.
    talk.command(Command::Make {
        recipes: sheet.recipes(),
    });
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 FAILED: this recipe was made with other weights of tiny. Load the weights that it was made with, or make it anew with these: it will look different.
        #3 FAILED: the model cherubim is not loaded. Load the model first.
        #4 FAILED: this recipe cannot be read: classes go from 0 to 9. Ask for the link again, whole, or use a PNG that was saved here.
        #5 FAILED: count is out of range: at most 4096 pictures are made at once. Change it and try again.
        #6 FAILED: this recipe cannot be read: a sheet holds pictures of one model. Ask for the link again, whole, or use a PNG that was saved here.
        #7 FAILED: this recipe cannot be read: it has 3 coordinates and the model 4. Ask for the link again, whole, or use a PNG that was saved here.
        #8 FAILED: this recipe cannot be read: its coordinate is NaN, and goes from -10000 to 10000. Ask for the link again, whole, or use a PNG that was saved here.
        #9 FAILED: this recipe cannot be read: the model wants a class with its coordinates. Ask for the link again, whole, or use a PNG that was saved here.
        #10 pictures 0..2, done [2x28x28]
    "#]]);
}

#[test]
fn a_request_is_cancelled_between_two_pieces_and_the_next_goes_on() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::vae(NetKind::Mlp, 10), 64);
    let long = talk.send(
        Command::Make {
            recipes: sheet.recipes(),
        },
        vec![],
    );
    let short = Sheet { count: 3, ..sheet };
    talk.send(
        Command::Make {
            recipes: short.recipes(),
        },
        vec![],
    );
    talk.work(2);
    talk.send(Command::Cancel { request: long }, vec![]);
    talk.rest();
    // What is done, or was never asked, cannot be cancelled, and that is no fault.
    talk.command(Command::Cancel { request: long });
    talk.command(Command::Cancel { request: 999 });
    talk.check(expect![[r#"
        #1 model tiny: encodes
        #2 pictures 0..16 [16x28x28]
        #2 pictures 16..32 [16x28x28]
        #4 done
        #2 cancelled
        #3 pictures 0..3, done [3x28x28]
        #5 done
        #6 done
    "#]]);
}

#[test]
fn a_vae_finds_the_point_of_a_picture_and_a_gan_cannot() {
    let mut talk = Talk::with_data();
    sheet(&mut talk, "vae", &recipes::vae(NetKind::Mlp, 10), 1);
    sheet(&mut talk, "plain", &recipes::vae(NetKind::Conv, 0), 1);
    sheet(&mut talk, "gan", &recipes::gan(NetKind::Mlp), 1);
    let picture = data::packed(DataSet::Digits).test.picture(3).to_vec();
    let encode = |model: &str, class| Command::Encode {
        model: model.to_owned(),
        class,
    };
    for (model, class) in [
        ("vae", Some(3)),
        ("plain", None),
        ("gan", None),
        ("vae", Some(10)),
        ("nobody", None),
    ] {
        talk.ask(encode(model, class), vec![picture.clone()]);
    }
    talk.ask(encode("vae", None), vec![]);
    talk.ask(encode("vae", None), vec![vec![0; 783]]);
    talk.check(expect![[r#"
        #2 model vae: encodes
        #3 model plain: encodes
        #4 model gan: does not encode
        #5 encoded: 3 numbers, class Some(3) [1x28x28]
        #6 encoded: 3 numbers, class None [1x28x28]
        #7 FAILED: GAN cannot do this: it has no encoder. Choose another model.
        #8 FAILED: this recipe cannot be read: class 10 is asked for and the model has 10. Ask for the link again, whole, or use a PNG that was saved here.
        #9 FAILED: the model nobody is not loaded. Load the model first.
        #10 FAILED: something broke inside Lampwork: the command came without a picture. Reload the page; your recipes and downloaded weights are still good.
        #11 FAILED: something broke inside Lampwork: a picture of 783 numbers came. Reload the page; your recipes and downloaded weights are still good.
    "#]]);
}

#[test]
fn without_a_class_the_best_one_is_taken_and_its_point_gives_the_same_picture() {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "vae", &recipes::vae(NetKind::Mlp, 10), 1);
    let picture = data::packed(DataSet::Digits).test.picture(3).to_vec();
    let encode = Command::Encode {
        model: "vae".to_owned(),
        class: None,
    };
    let answers = talk.ask(encode, vec![picture]);
    let [(reply, payload)] = answers.as_slice() else {
        panic!("one answer");
    };
    let Event::Encoded {
        z,
        class: Some(class),
    } = reply.event.clone()
    else {
        panic!("no point of a class");
    };
    let latent = Latent::At {
        z,
        class: Some(class),
    };
    let recipes = vec![Recipe {
        latent,
        ..sheet.recipe(0)
    }];
    let made = pictures(&talk.command(Command::Make { recipes }));
    assert_eq!(made, payload[0]);
}

#[test]
fn the_nearest_training_pictures_are_found_nearest_first() {
    let mut talk = Talk::with_data();
    let packed = data::packed(DataSet::Digits);
    let own = packed.train.picture(11).to_vec();
    let ask = |data, count| Command::FindNearest { data, count };
    let answers = talk.ask(ask(DataSet::Digits, 5), vec![own.clone()]);
    let Event::Nearest { found, .. } = &answers[0].0.event else {
        panic!("nothing found");
    };
    assert_eq!(
        (found[0].index, found[0].class, found[0].distance),
        (11, 1, 0.0)
    );
    assert_eq!(answers[0].1[0][..PICTURE_PIXELS], own);
    assert!(
        found
            .windows(2)
            .all(|two| two[0].distance <= two[1].distance)
    );
    assert!(found[1..].iter().all(|one| one.distance > 0.0));
    talk.ask(ask(DataSet::Digits, 1_000_000), vec![own.clone()]);
    talk.ask(ask(DataSet::Fashion, 5), vec![own]);
    talk.check(expect![[r#"
        #2 nearest: 5 among 40 [5x28x28]
        #3 nearest: 40 among 40 [40x28x28]
        #4 FAILED: the data set fashion is not loaded. Wait until the data set is there, or reload the page.
    "#]]);
}

#[test]
fn a_recipe_never_runs_on_other_weights_of_the_same_name() {
    let mut talk = Talk::new();
    let net = recipes::gan(NetKind::Mlp);
    let sheet = sheet(&mut talk, "tiny", &net, 1);
    let (bytes, card) = trained(&lampwork_protocol::RunRecipe { seed: 8, ..net }, "tiny");
    talk.load(&bytes, Some(card));
    let failure = talk.fails(
        Command::Make {
            recipes: sheet.recipes(),
        },
        vec![],
    );
    assert_eq!(
        failure,
        Failure::OtherWeights {
            model: "tiny".to_owned()
        }
    );
}

#[test]
fn a_flow_shows_its_pictures_on_their_way() {
    let mut talk = Talk::new();
    let sheet = Sheet {
        sampling: Some(Sampling {
            steps: 2,
            guidance: 2.0,
            solver: Solver::Heun,
        }),
        ..sheet(&mut talk, "tiny", &recipes::flow(), 10)
    };
    let made = pictures(&talk.command(Command::Make {
        recipes: sheet.recipes(),
    }));
    assert_eq!(made.len(), 10 * PICTURE_PIXELS);
    // Two ways in one sheet, and the point of a picture, are refused.
    let mixed = vec![
        sheet.recipe(0),
        Recipe {
            sampling: None,
            ..sheet.recipe(1)
        },
    ];
    talk.command(Command::Make { recipes: mixed });
    talk.ask(
        Command::Encode {
            model: "tiny".to_owned(),
            class: Some(1),
        },
        vec![vec![0; PICTURE_PIXELS]],
    );
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 preview 0..8 at 1 of 2 [8x28x28]
        #2 pictures 0..8 [8x28x28]
        #2 preview 8..10 at 1 of 2 [2x28x28]
        #2 pictures 8..10, done [2x28x28]
        #3 FAILED: this recipe cannot be read: the pictures of a sheet are made in one way. Ask for the link again, whole, or use a PNG that was saved here.
        #4 FAILED: flow cannot do this: it has no encoder. Choose another model.
    "#]]);
}

#[test]
fn steps_and_solver_each_change_a_flows_picture() {
    let mut talk = Talk::new();
    let plain = Sampling {
        steps: 3,
        guidance: 1.5,
        solver: Solver::Heun,
    };
    let sheet = Sheet {
        class: Some(3),
        ..sheet(&mut talk, "tiny", &recipes::flow(), 1)
    };
    let mut make = |sampling| {
        let sheet = Sheet {
            sampling: Some(sampling),
            ..sheet.clone()
        };
        pictures(&talk.command(Command::Make {
            recipes: sheet.recipes(),
        }))
    };
    let first = make(plain);
    assert!(make(plain) == first);
    // Not the guidance: a class starts at no influence at all, and this net has
    // hardly learned.
    for other in [
        Sampling { steps: 5, ..plain },
        Sampling {
            solver: Solver::Euler,
            ..plain
        },
    ] {
        assert!(make(other) != first, "{other:?}");
    }
}

#[test]
fn a_picture_is_followed_from_noise_to_its_end() {
    let mut talk = Talk::new();
    let sheet = Sheet {
        sampling: Some(Sampling {
            steps: 3,
            guidance: 2.0,
            solver: Solver::Heun,
        }),
        ..sheet(&mut talk, "tiny", &recipes::flow(), 1)
    };
    let made = pictures(&talk.command(Command::Make {
        recipes: sheet.recipes(),
    }));
    let followed = talk.command(Command::Follow {
        recipe: sheet.recipe(0),
    });
    assert_eq!(pictures(&followed), made, "another picture");
    let seen: Vec<&Vec<u8>> = followed.iter().map(|(_, payload)| &payload[0]).collect();
    for (at, one) in seen.iter().enumerate() {
        assert!(!seen[..at].contains(one), "step {at} shows nothing new");
    }
    // Noise is cut off at black and white in 32 % of its pixels.
    let cut = seen[0].iter().filter(|p| [0, 255].contains(*p)).count();
    assert!((150..350).contains(&cut), "{cut} of 784");
    // What comes in one step has no way to be followed; and others come in turn.
    let gan = self::sheet(&mut talk, "gan", &recipes::gan(NetKind::Mlp), 1);
    talk.command(Command::Follow {
        recipe: gan.recipe(0),
    });
    let long = talk.send(
        Command::Follow {
            recipe: sheet.recipe(0),
        },
        vec![],
    );
    talk.work(2);
    talk.send(Command::Cancel { request: long }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 preview 0..1 at 1 of 3 [1x28x28]
        #2 preview 0..1 at 2 of 3 [1x28x28]
        #2 pictures 0..1, done [1x28x28]
        #3 preview 0..1 at 0 of 3 [1x28x28]
        #3 preview 0..1 at 1 of 3 [1x28x28]
        #3 preview 0..1 at 2 of 3 [1x28x28]
        #3 pictures 0..1, done [1x28x28]
        #4 model gan: does not encode
        #5 FAILED: gan cannot do this: its pictures come in one step. Choose another model.
        #6 preview 0..1 at 0 of 3 [1x28x28]
        #7 done
        #6 cancelled
    "#]]);
}
