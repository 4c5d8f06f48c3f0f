//! Milliseconds of single operations on the CPU, forward and backward.
//! Time of single operations, forward and backward.
use burn::tensor::module::*;
use burn::tensor::ops::*;
use burn::tensor::{Device, Distribution, Tensor};
use std::time::Instant;
fn time(name: &str, mut f: impl FnMut()) {
    f();
    let s = Instant::now();
    let n = 10;
    for _ in 0..n { f(); }
    println!("{name:50} {:8.3} ms", s.elapsed().as_secs_f64() * 1e3 / n as f64);
}
fn main() {
    let d = Device::flex();
    let ad = d.clone().autodiff();
    let r = |s: [usize; 4], d: &Device| Tensor::<4>::random(s, Distribution::Default, d);
    for (name, x, w, tr) in [
        ("up 96->48 7->14", [64, 96, 7, 7], [96, 48, 4, 4], true),
        ("up 48->24 14->28", [64, 48, 14, 14], [48, 24, 4, 4], true),
        ("down 24->48 14->7", [128, 24, 14, 14], [48, 24, 4, 4], false),
        ("down 1->24 28->14", [128, 1, 28, 28], [24, 1, 4, 4], false),
    ] {
        let f = |x: Tensor<4>, w: Tensor<4>| if tr {
            conv_transpose2d(x, w, None, ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1))
        } else {
            conv2d(x, w, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1))
        };
        let (xi, wi) = (r(x, &d), r(w, &d));
        time(&format!("{name} fwd"), || { let _ = f(xi.clone(), wi.clone()); });
        let xg = r(x, &ad).require_grad();
        let wg = r(w, &ad).require_grad();
        let wn = r(w, &ad);
        let xn = r(x, &ad);
        time(&format!("{name} fwd+bwd w"), || { let _ = f(xn.clone(), wg.clone()).sum().backward(); });
        time(&format!("{name} fwd+bwd x"), || { let _ = f(xg.clone(), wn.clone()).sum().backward(); });
    }
    let x = r([64, 48, 14, 14], &ad).require_grad();
    let w1 = r([48, 1, 4, 4], &ad).require_grad();
    let c3 = |x, w| conv_transpose2d(x, w, None, ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1));
    time("last 48->1 up fwd", || { let _ = c3(x.clone().inner(), w1.clone().inner()); });
    time("last 48->1 up fwd+bwd", || { let _ = c3(x.clone(), w1.clone()).sum().backward(); });
    let g = lampwork_models::blocks::norm::GroupNorm::new(6, 48, &ad);
    time("groupnorm 48x14x14 fwd+bwd", || { let _ = g.forward(x.clone()).sum().backward(); });
    let o = Tensor::<1>::ones([48], &ad).require_grad();
    time("batchnorm 48x14x14 fwd+bwd", || { let _ = batch_norm_train(x.clone(), o.clone(), o.clone(), 1e-5).output.sum().backward(); });
    time("layer_norm kernel fwd+bwd", || { let one = Tensor::<1>::ones([8*196], &ad); let _ = layer_norm(x.clone().reshape([64*6, 8*196]), one, None, 1e-5).sum().backward(); });
    time("pixelnorm fwd+bwd", || { let _ = (x.clone() * (x.clone().square().mean_dim(1) + 1e-5).sqrt().recip()).sum().backward(); });
    time("relu fwd+bwd", || { let _ = burn::tensor::activation::relu(x.clone()).sum().backward(); });
    time("leaky by relu", || { let _ = (burn::tensor::activation::relu(x.clone()) * 0.8 + x.clone() * 0.2).sum().backward(); });
    time("affine", || { let s = Tensor::<4>::ones([1, 48, 1, 1], &ad).require_grad(); let _ = (x.clone() * s.clone() + s).sum().backward(); });
    let l = r([1, 1, 74, 4704], &ad).require_grad();
    let z = r([1, 1, 64, 74], &ad);
    time("linear 74->4704 fwd+bwd", || { let _ = z.clone().matmul(l.clone()).sum().backward(); });
    let s1 = r([128, 1, 28, 28], &ad); let p = r([128, 1, 28, 28], &ad).require_grad();
    time("diffaug shift fwd+bwd", || { let _ = s1.clone().matmul(p.clone()).matmul(s1.clone()).sum().backward(); });
}
